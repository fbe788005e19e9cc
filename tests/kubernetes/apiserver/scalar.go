// Types that are a struct in Go and one value in JSON, such as `500m`: their schemas are not to be read off.
package main

import (
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

const (
	quantityName    = "k8s.io/apimachinery/pkg/api/resource.Quantity"
	intOrStringName = "k8s.io/apimachinery/pkg/util/intstr.IntOrString"
)

func scalars() map[string]common.OpenAPIDefinition {
	return map[string]common.OpenAPIDefinition{
		quantityName:    scalar(resource.Quantity{}.OpenAPISchemaType(), resource.Quantity{}.OpenAPISchemaFormat(), resource.Quantity{}.OpenAPIV3OneOfTypes()),
		intOrStringName: scalar(intstr.IntOrString{}.OpenAPISchemaType(), intstr.IntOrString{}.OpenAPISchemaFormat(), intstr.IntOrString{}.OpenAPIV3OneOfTypes()),
	}
}

// scalar is one of several types in version 3 of OpenAPI, and in version 2 what stands for them.
func scalar(types []string, format string, several []string) common.OpenAPIDefinition {
	v3 := spec.Schema{SchemaProps: spec.SchemaProps{OneOf: common.GenerateOpenAPIV3OneOfSchema(several), Format: format}}
	v2 := spec.Schema{SchemaProps: spec.SchemaProps{Type: types, Format: format}}
	return common.EmbedOpenAPIDefinitionIntoV2Extension(common.OpenAPIDefinition{Schema: v3}, common.OpenAPIDefinition{Schema: v2})
}
