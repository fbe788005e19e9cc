// The audit log: who asked for what, a line of JSON for each answer.
package main

import (
	"os"
	"path/filepath"

	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"
)

// What is in a secret is not written down; of everything else the request is.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: None
  users: ["system:apiserver"]
- level: Metadata
  resources: [{group: "", resources: [secrets]}]
- level: Request
`

func audit(config *genericapiserver.RecommendedConfig, folder string) error {
	options := genericoptions.NewAuditOptions()
	options.PolicyFile = filepath.Join(folder, "audit-policy.yaml")
	options.LogOptions.Path = filepath.Join(folder, "audit.log")
	if err := os.WriteFile(options.PolicyFile, []byte(auditPolicy), 0o600); err != nil {
		return err
	}
	return options.ApplyTo(&config.Config)
}
