// What `kubectl get` shows of a kind.
package main

import (
	"context"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/meta/table"
	v1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

type tables struct{ kind }

func (t tables) ConvertToTable(_ context.Context, object, _ runtime.Object) (*v1.Table, error) {
	made := &v1.Table{ColumnDefinitions: []v1.TableColumnDefinition{{Name: "Name", Type: "string", Format: "name"}}}
	made.ColumnDefinitions = append(made.ColumnDefinitions, t.columns...)
	made.ColumnDefinitions = append(made.ColumnDefinitions, v1.TableColumnDefinition{Name: "Age", Type: "string"})
	if list, err := meta.ListAccessor(object); err == nil {
		made.ResourceVersion, made.Continue, made.RemainingItemCount = list.GetResourceVersion(), list.GetContinue(), list.GetRemainingItemCount()
	} else if one, err := meta.CommonAccessor(object); err == nil {
		made.ResourceVersion = one.GetResourceVersion()
	}
	rows, err := table.MetaToTableRow(object, func(object runtime.Object, _ v1.Object, name, age string) ([]interface{}, error) {
		row := []interface{}{name}
		if t.cells != nil {
			row = append(row, t.cells(object)...)
		}
		return append(row, age), nil
	})
	made.Rows = rows
	return made, err
}
