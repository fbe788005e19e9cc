// The group "" of Kubernetes: namespaces, secrets, configuration and events.
package main

import (
	"fmt"
	"time"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	api "k8s.io/apimachinery/pkg/api/validation"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var namespaces = kind{
	group: core.SchemeGroupVersion, name: "Namespace", plural: "namespaces", short: []string{"ns"},
	object: &core.Namespace{}, list: &core.NamespaceList{}, cluster: true,
	names: api.ValidateNamespaceName,
	prepare: func(object, _ runtime.Object) {
		namespace := object.(*core.Namespace)
		meta.SetMetaDataLabel(&namespace.ObjectMeta, core.LabelMetadataName, namespace.Name)
		namespace.Status.Phase = core.NamespaceActive
	},
	columns: columns("Status"),
	cells:   func(object runtime.Object) []interface{} { return []interface{}{object.(*core.Namespace).Status.Phase} },
}

var secrets = kind{
	group: core.SchemeGroupVersion, name: "Secret", plural: "secrets",
	object: &core.Secret{}, list: &core.SecretList{},
	prepare: func(object, _ runtime.Object) {
		secret := object.(*core.Secret)
		for key, text := range secret.StringData {
			if secret.Data == nil {
				secret.Data = map[string][]byte{}
			}
			secret.Data[key] = []byte(text)
		}
		secret.StringData = nil
	},
	check: func(object, old runtime.Object) (found field.ErrorList) {
		secret, size := object.(*core.Secret), 0
		for key, value := range secret.Data {
			size += len(value)
			found = append(found, keyFaults(key)...)
		}
		if size > core.MaxSecretSize {
			found = append(found, field.TooLong(field.NewPath("data"), "", core.MaxSecretSize))
		}
		if before, ok := old.(*core.Secret); ok {
			found = append(found, api.ValidateImmutableField(secret.Type, before.Type, field.NewPath("type"))...)
			frozen := before.Immutable != nil && *before.Immutable
			if frozen && !equality.Semantic.DeepEqual(secret.Data, before.Data) {
				found = append(found, field.Forbidden(field.NewPath("data"), "field is immutable when `immutable` is set"))
			}
		}
		return found
	},
	fields:  func(object runtime.Object) fields.Set { return fields.Set{"type": string(object.(*core.Secret).Type)} },
	columns: columns("Type", "Data"),
	cells: func(object runtime.Object) []interface{} {
		secret := object.(*core.Secret)
		return []interface{}{secret.Type, len(secret.Data)}
	},
}

var configMaps = kind{
	group: core.SchemeGroupVersion, name: "ConfigMap", plural: "configmaps", short: []string{"cm"},
	object: &core.ConfigMap{}, list: &core.ConfigMapList{},
	check: func(object, _ runtime.Object) (found field.ErrorList) {
		for key := range object.(*core.ConfigMap).Data {
			found = append(found, keyFaults(key)...)
		}
		return found
	},
	columns: columns("Data"),
	cells: func(object runtime.Object) []interface{} {
		held := object.(*core.ConfigMap)
		return []interface{}{len(held.Data) + len(held.BinaryData)}
	},
}

var events = kind{
	group: core.SchemeGroupVersion, name: "Event", plural: "events", short: []string{"ev"},
	object: &core.Event{}, list: &core.EventList{}, puts: true, lives: time.Hour,
	check: func(object, _ runtime.Object) (found field.ErrorList) {
		event := object.(*core.Event)
		told := event.InvolvedObject.Namespace
		if told != event.Namespace && !(told == "" && event.Namespace == meta.NamespaceDefault) {
			found = append(found, field.Invalid(field.NewPath("involvedObject", "namespace"), told, "does not match event.namespace"))
		}
		return found
	},
	fields: func(object runtime.Object) fields.Set {
		event := object.(*core.Event)
		return fields.Set{
			"involvedObject.kind":            event.InvolvedObject.Kind,
			"involvedObject.namespace":       event.InvolvedObject.Namespace,
			"involvedObject.name":            event.InvolvedObject.Name,
			"involvedObject.uid":             string(event.InvolvedObject.UID),
			"involvedObject.apiVersion":      event.InvolvedObject.APIVersion,
			"involvedObject.resourceVersion": event.InvolvedObject.ResourceVersion,
			"involvedObject.fieldPath":       event.InvolvedObject.FieldPath,
			"reason":                         event.Reason,
			"reportingComponent":             event.ReportingController,
			"source":                         event.Source.Component,
			"type":                           event.Type,
		}
	},
	columns: columns("Type", "Reason", "Object", "Message"),
	cells: func(object runtime.Object) []interface{} {
		event := object.(*core.Event)
		about := fmt.Sprintf("%s/%s", event.InvolvedObject.Kind, event.InvolvedObject.Name)
		return []interface{}{event.Type, event.Reason, about, event.Message}
	},
}

func keyFaults(key string) (found field.ErrorList) {
	for _, fault := range validation.IsConfigMapKey(key) {
		found = append(found, field.Invalid(field.NewPath("data").Key(key), key, fault))
	}
	return found
}
