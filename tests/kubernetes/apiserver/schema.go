// The published schemas of the built-in kinds, read off their Go types and the comments that these carry.
package main

import (
	"maps"
	"reflect"
	"strings"

	crdopenapi "k8s.io/apiextensions-apiserver/pkg/generated/openapi"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/utils/ptr"
)

// definitions are those of the library, and ours of the types in k8s.io/api: a cluster generates these from
// the source, which knows a little more of them, such as which fields are optional and which lists are sets.
func definitions(ref common.ReferenceCallback) map[string]common.OpenAPIDefinition {
	made := map[string]common.OpenAPIDefinition{}
	draft := drawing{ref, made}
	for _, k := range kinds {
		draft.named(reflect.TypeOf(k.object).Elem())
		draft.named(reflect.TypeOf(k.list).Elem())
	}
	for _, review := range append(reviewed, whoami) {
		draft.named(reflect.TypeOf(review).Elem())
	}
	maps.Copy(made, crdopenapi.GetOpenAPIDefinitions(ref))
	return made
}

type drawing struct {
	ref  common.ReferenceCallback
	made map[string]common.OpenAPIDefinition
}

// named draws a struct once, and says by which name others refer to it.
func (d drawing) named(drawn reflect.Type) string {
	name := drawn.PkgPath() + "." + drawn.Name()
	if _, ok := d.made[name]; ok || !strings.HasPrefix(name, "k8s.io/api/") {
		return name
	}
	d.made[name] = common.OpenAPIDefinition{} // a type may contain itself
	docs := map[string]string{}
	if documented, ok := reflect.New(drawn).Interface().(interface{ SwaggerDoc() map[string]string }); ok {
		docs = documented.SwaggerDoc()
	}
	definition := common.OpenAPIDefinition{}
	definition.Schema.Type = spec.StringOrArray{"object"}
	definition.Schema.Description = docs[""]
	definition.Schema.Properties = map[string]spec.Schema{}
	needed := map[string]bool{}
	for at := range drawn.NumField() {
		d.property(&definition.Schema, drawn.Field(at), docs, needed)
	}
	for other := range needed {
		definition.Dependencies = append(definition.Dependencies, other)
	}
	d.made[name] = definition
	return name
}

func (d drawing) property(schema *spec.Schema, field reflect.StructField, docs map[string]string, needed map[string]bool) {
	name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
	if name == "" && strings.Contains(options, "inline") {
		for at := range field.Type.NumField() {
			d.property(schema, field.Type.Field(at), docs, needed)
		}
		return
	}
	drawn := d.schema(field.Type, needed)
	drawn.Description = docs[name]
	if field.Type.Kind() == reflect.Slice && drawn.Items != nil {
		drawn.AddExtension("x-kubernetes-list-type", "atomic")
		if key := field.Tag.Get("patchMergeKey"); key != "" {
			drawn.AddExtension("x-kubernetes-list-type", "map")
			drawn.AddExtension("x-kubernetes-list-map-keys", []interface{}{key})
			drawn.AddExtension("x-kubernetes-patch-merge-key", key)
			drawn.AddExtension("x-kubernetes-patch-strategy", field.Tag.Get("patchStrategy"))
		}
	}
	schema.Properties[name] = drawn
	if !strings.Contains(options, "omitempty") {
		schema.Required = append(schema.Required, name)
	}
}

func (d drawing) schema(drawn reflect.Type, needed map[string]bool) spec.Schema {
	switch drawn.Kind() {
	case reflect.Pointer:
		return d.schema(drawn.Elem(), needed)
	case reflect.Struct:
		name := d.named(drawn)
		needed[name] = true
		return spec.Schema{SchemaProps: spec.SchemaProps{Ref: d.ref(name)}}
	case reflect.Map:
		return *spec.MapProperty(ptr.To(d.schema(drawn.Elem(), needed)))
	case reflect.Slice:
		if drawn.Elem().Kind() == reflect.Uint8 {
			return *spec.StrFmtProperty("byte")
		}
		return *spec.ArrayProperty(ptr.To(d.schema(drawn.Elem(), needed)))
	case reflect.Bool:
		return *spec.BoolProperty()
	case reflect.Int32:
		return *spec.Int32Property()
	case reflect.Int64:
		return *spec.Int64Property()
	default:
		return *spec.StringProperty()
	}
}
