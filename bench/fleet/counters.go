package main

import (
	"encoding/json"
	"net/http"
	"sync"
)

// counters know what was asked of each cluster since they were last set back, and over how many connections.
type counters struct {
	lock     sync.Mutex
	clusters map[string]*count
}

type count struct {
	Requests    map[string]int `json:"requests"`
	Connections int            `json:"connections"`
	seen        map[int64]bool
}

func newCounters() *counters {
	return &counters{clusters: map[string]*count{}}
}

// A connection that is used for several clusters counts for each of them.
func (c *counters) count(cluster, verb string, connection int64) {
	c.lock.Lock()
	defer c.lock.Unlock()
	one := c.clusters[cluster]
	if one == nil {
		one = &count{Requests: map[string]int{}, seen: map[int64]bool{}}
		c.clusters[cluster] = one
	}
	one.Requests[verb]++
	if !one.seen[connection] {
		one.seen[connection] = true
		one.Connections++
	}
}

// handler shows them as JSON to a GET, and sets them back at a DELETE.
func (c *counters) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.lock.Lock()
		defer c.lock.Unlock()
		if r.Method == http.MethodDelete {
			c.clusters = map[string]*count{}
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(c.clusters)
	})
}
