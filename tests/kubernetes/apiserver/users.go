// Who is who: people and programs with a token and groups; nobody is let in without one.
package main

import (
	"encoding/json"
	"os"

	"k8s.io/apiserver/pkg/authentication/authenticator"
	"k8s.io/apiserver/pkg/authentication/group"
	"k8s.io/apiserver/pkg/authentication/request/bearertoken"
	"k8s.io/apiserver/pkg/authentication/token/tokenfile"
	"k8s.io/apiserver/pkg/authentication/user"
)

type person struct {
	Name   string   `json:"name"`
	Token  string   `json:"token"`
	Groups []string `json:"groups"`
}

func readPeople(path string) (people []person, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return people, json.Unmarshal(text, &people)
}

func authentication(people []person) authenticator.Request {
	known := map[string]*user.DefaultInfo{}
	for _, one := range people {
		known[one.Token] = &user.DefaultInfo{Name: one.Name, UID: "uid-of-" + one.Name, Groups: one.Groups}
	}
	return group.NewAuthenticatedGroupAdder(bearertoken.New(tokenfile.New(known)))
}
