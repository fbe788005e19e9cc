// The list /apis, to which a cluster's aggregator adds the groups of custom resources; here this file does.
package main

import (
	"slices"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apihelpers"
	crds "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	crdserver "k8s.io/apiextensions-apiserver/pkg/apiserver"
	listers "k8s.io/apiextensions-apiserver/pkg/client/listers/apiextensions/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/version"
	"k8s.io/apiserver/pkg/endpoints/discovery"
	"k8s.io/client-go/tools/cache"
)

// groups is what old clients read, such as Python's dynamic one; new ones read the aggregated list, which
// the library itself keeps.
type groups struct {
	sync.Mutex
	lister    listers.CustomResourceDefinitionLister
	list      discovery.GroupManager
	published []string
}

func publishGroups(server *crdserver.CustomResourceDefinitions) error {
	definitions := server.Informers.Apiextensions().V1().CustomResourceDefinitions()
	g := &groups{lister: definitions.Lister(), list: server.GenericAPIServer.DiscoveryGroupManager}
	_, err := definitions.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { g.publish() },
		UpdateFunc: func(any, any) { g.publish() },
		DeleteFunc: func(any) { g.publish() },
	})
	return err
}

func (g *groups) publish() {
	g.Lock()
	defer g.Unlock()
	found := map[string]meta.APIGroup{}
	definitions, _ := g.lister.List(labels.Everything()) // a lister reads memory, and cannot fail
	for _, definition := range definitions {
		if apihelpers.IsCRDConditionTrue(definition, crds.Established) {
			found[definition.Spec.Group] = extended(found[definition.Spec.Group], definition)
		}
	}
	for _, name := range g.published {
		if _, ok := found[name]; !ok {
			g.list.RemoveGroup(name)
		}
	}
	g.published = nil
	for name, group := range found {
		g.list.AddGroup(group)
		g.published = append(g.published, name)
	}
}

func extended(group meta.APIGroup, definition *crds.CustomResourceDefinition) meta.APIGroup {
	group.Name = definition.Spec.Group
	for _, one := range definition.Spec.Versions {
		named := meta.GroupVersionForDiscovery{GroupVersion: group.Name + "/" + one.Name, Version: one.Name}
		if one.Served && !slices.Contains(group.Versions, named) {
			group.Versions = append(group.Versions, named)
		}
	}
	slices.SortFunc(group.Versions, func(a, b meta.GroupVersionForDiscovery) int {
		return version.CompareKubeAwareVersionStrings(b.Version, a.Version)
	})
	if len(group.Versions) > 0 {
		group.PreferredVersion = group.Versions[0]
	}
	return group
}
