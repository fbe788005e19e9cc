// The built-in resources, served by the real generic registry of k8s.io/apiserver over the types of k8s.io/api.
//
// Storage, watches, patches, server-side apply and selectors are a cluster's own. Its validation lives in
// k8s.io/kubernetes, which is no library: of that, each kind has here what a program could run into.
package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	admission "k8s.io/api/admissionregistration/v1"
	identity "k8s.io/api/authentication/v1"
	authorization "k8s.io/api/authorization/v1"
	core "k8s.io/api/core/v1"
	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	v1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apiserver/pkg/registry/generic"
	"k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/registry/rest"
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/names"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
)

var scheme = newScheme()

func newScheme() *runtime.Scheme {
	made := runtime.NewScheme()
	utilruntime.Must(clientgoscheme.AddToScheme(made))
	for _, k := range kinds {
		held := schema.GroupVersion{Group: k.group.Group, Version: runtime.APIVersionInternal}
		made.AddKnownTypes(held, k.object, k.list)
		utilruntime.Must(made.AddFieldLabelConversionFunc(k.group.WithKind(k.name), k.selectable))
	}
	made.AddKnownTypes(schema.GroupVersion{Group: authorization.GroupName, Version: runtime.APIVersionInternal}, reviewed...)
	made.AddKnownTypes(schema.GroupVersion{Group: identity.GroupName, Version: runtime.APIVersionInternal}, whoami)
	made.AddTypeDefaultingFunc(&core.Secret{}, func(object interface{}) {
		if secret := object.(*core.Secret); secret.Type == "" {
			secret.Type = core.SecretTypeOpaque
		}
	})
	made.AddTypeDefaultingFunc(&admission.ValidatingWebhookConfiguration{}, defaultValidating)
	made.AddTypeDefaultingFunc(&admission.MutatingWebhookConfiguration{}, defaultMutating)
	made.AddTypeDefaultingFunc(&rbac.RoleBinding{}, defaultRoleBinding)
	made.AddTypeDefaultingFunc(&rbac.ClusterRoleBinding{}, defaultClusterRoleBinding)
	return made
}

// selectable says which fields of the kind can be selected by.
func (k kind) selectable(label, value string) (string, string, error) {
	allowed := fields.Set{"metadata.name": "", "metadata.namespace": ""}
	if k.fields != nil {
		maps.Copy(allowed, k.fields(k.object))
	}
	if !allowed.Has(label) {
		return "", "", fmt.Errorf("field label not supported: %s", label)
	}
	return label, value, nil
}

func (k kind) attributes(object runtime.Object) (labels.Set, fields.Set, error) {
	held, err := meta.Accessor(object)
	if err != nil {
		return nil, nil, err
	}
	found := fields.Set{"metadata.name": held.GetName()}
	if !k.cluster {
		found["metadata.namespace"] = held.GetNamespace()
	}
	if k.fields != nil {
		maps.Copy(found, k.fields(object))
	}
	return held.GetLabels(), found, nil
}

// A shelf is the registry of one kind.
type shelf struct {
	*registry.Store
	kind
}

func (s shelf) ShortNames() []string { return s.short }

// shelves holds the registry of each kind, by its plural.
type shelves map[string]shelf

func openShelves(etcd genericoptions.EtcdOptions, coder codecs) (shelves, error) {
	versions := []schema.GroupVersion{}
	for _, k := range kinds {
		versions = append(versions, k.group)
	}
	etcd.StorageConfig.Codec = coder.stored(versions)
	opened := shelves{}
	for _, k := range kinds {
		store, err := k.open(etcd)
		if err != nil {
			return nil, err
		}
		opened[k.plural] = shelf{store, k}
	}
	return opened, nil
}

func (k kind) open(etcd genericoptions.EtcdOptions) (*registry.Store, error) {
	etcd.EnableWatchCache = etcd.EnableWatchCache && !k.uncached
	factory := &genericoptions.SimpleStorageFactory{StorageConfig: etcd.StorageConfig}
	rules := strategy{scheme, names.SimpleNameGenerator, k}
	named := func(name string) schema.GroupResource { return k.group.WithResource(name).GroupResource() }
	store := &registry.Store{
		NewFunc:                   func() runtime.Object { return k.object.DeepCopyObject() },
		NewListFunc:               func() runtime.Object { return k.list.DeepCopyObject() },
		DefaultQualifiedResource:  named(k.plural),
		SingularQualifiedResource: named(strings.ToLower(k.name)),
		CreateStrategy:            rules,
		UpdateStrategy:            rules,
		DeleteStrategy:            rules,
		TableConvertor:            tables{k},
		PredicateFunc: func(label labels.Selector, field fields.Selector) storage.SelectionPredicate {
			return storage.SelectionPredicate{Label: label, Field: field, GetAttrs: k.attributes}
		},
	}
	if k.lives > 0 {
		store.TTLFunc = func(runtime.Object, uint64, bool) (uint64, error) { return uint64(k.lives.Seconds()), nil }
	}
	getter := etcd.CreateRESTOptionsGetter(factory, nil)
	return store, store.CompleteWithOptions(&generic.StoreOptions{RESTOptions: getter, AttrFunc: k.attributes})
}

// install serves the shelves and the reviews under /api and /apis.
func (s shelves) install(server *genericapiserver.GenericAPIServer, coder codecs, reviews map[string]rest.Storage) error {
	groups := map[schema.GroupVersion]map[string]rest.Storage{
		authorization.SchemeGroupVersion: reviews,
		identity.SchemeGroupVersion:      {"selfsubjectreviews": selfReview{}},
	}
	for _, one := range s {
		if groups[one.group] == nil {
			groups[one.group] = map[string]rest.Storage{}
		}
		groups[one.group][one.plural] = one
	}
	byName := func(a, b schema.GroupVersion) int { return strings.Compare(a.String(), b.String()) }
	for _, group := range slices.SortedFunc(maps.Keys(groups), byName) {
		info := genericapiserver.NewDefaultAPIGroupInfo(group.Group, scheme, v1.ParameterCodec, coder.CodecFactory)
		info.NegotiatedSerializer = coder
		info.PrioritizedVersions = []schema.GroupVersion{group}
		info.VersionedResourcesStorageMap[group.Version] = groups[group]
		install := server.InstallAPIGroup
		if group.Group == "" {
			install = func(info *genericapiserver.APIGroupInfo) error {
				return server.InstallLegacyAPIGroup(genericapiserver.DefaultLegacyAPIPrefix, info)
			}
		}
		if err := install(&info); err != nil {
			return err
		}
	}
	return nil
}

func newCodecs() codecs { return codecs{serializer.NewCodecFactory(scheme)} }

// kept is where in etcd everything lies, as in a cluster.
func kept(address string, codec runtime.Codec) *genericoptions.EtcdOptions {
	options := genericoptions.NewEtcdOptions(storagebackend.NewDefaultConfig("/registry", codec))
	options.StorageConfig.Transport.ServerList = []string{address}
	return options
}
