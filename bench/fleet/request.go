package main

import (
	"net/http"
	"strings"
)

// A request, understood as far as the front has to.
type request struct {
	// get, list, watch, create, update, patch, delete; discovery or openapi for what is about kinds; else other.
	verb string
	// Empty when it is about nothing in a namespace.
	namespace string
	// It is about objects, and of no single namespace: of all clusters at once, so.
	everywhere bool
	segments   []string
	// Where among the segments the namespace is.
	place int
}

// understand takes a path below the cluster's, such as api/v1/namespaces/fleet/configmaps/settings.
func understand(r *http.Request, path string) request {
	asked := request{verb: "other", segments: strings.Split(strings.TrimSuffix(path, "/"), "/")}
	root := 0
	switch asked.segments[0] {
	case "api":
		root = 2
	case "apis":
		root = 3
	case "openapi":
		asked.verb = "openapi"
		return asked
	default:
		return asked
	}
	if len(asked.segments) <= root {
		asked.verb = "discovery"
		return asked
	}
	rest := asked.segments[root:]
	named := len(rest) >= 2
	if rest[0] == "namespaces" && named {
		asked.namespace, asked.place = rest[1], root+1
		named = len(rest) != 3
	} else {
		asked.everywhere = true
	}
	asked.verb = verb(r, named)
	return asked
}

func verb(r *http.Request, named bool) string {
	switch r.Method {
	case http.MethodGet:
		if r.URL.Query().Get("watch") == "true" || r.URL.Query().Get("watch") == "1" {
			return "watch"
		}
		if named {
			return "get"
		}
		return "list"
	case http.MethodPost:
		return "create"
	case http.MethodPut:
		return "update"
	default:
		return strings.ToLower(r.Method)
	}
}

// path is where the API server has what was asked of the cluster.
func (r request) path(cluster string) string {
	if r.namespace == "" {
		return strings.Join(r.segments, "/")
	}
	renamed := append([]string{}, r.segments...)
	renamed[r.place] = cluster + "-" + r.namespace
	return strings.Join(renamed, "/")
}
