// The program probe is the limit: it reads the given paths of each cluster, all at once, over one connection to each,
// and makes nothing of the answers.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

type cluster struct {
	Name, URL, Token string
	Certificate, Key []byte
}

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: probe FOLDER PREFIX PATH...: the clusters in FOLDER whose names have that prefix")
		os.Exit(64)
	}
	clusters, pool, err := load(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var all sync.WaitGroup
	failures := make(chan error, len(clusters)*len(os.Args))
	for _, one := range clusters {
		if strings.HasPrefix(one.Name, os.Args[2]) {
			all.Go(func() { one.read(os.Args[3:], pool, failures) })
		}
	}
	all.Wait()
	close(failures)
	code := 0
	for failure := range failures {
		fmt.Fprintln(os.Stderr, failure)
		code = 1
	}
	os.Exit(code)
}

func load(folder string) ([]cluster, *x509.CertPool, error) {
	authority, err := os.ReadFile(filepath.Join(folder, "ca.crt"))
	if err != nil {
		return nil, nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	text, err := os.ReadFile(filepath.Join(folder, "clusters.json"))
	if err != nil {
		return nil, nil, err
	}
	var clusters []cluster
	return clusters, pool, json.Unmarshal(text, &clusters)
}

func (c cluster) read(paths []string, pool *x509.CertPool, failures chan<- error) {
	config := &tls.Config{RootCAs: pool}
	if c.Token == "" {
		pair, err := tls.X509KeyPair(c.Certificate, c.Key)
		if err != nil {
			failures <- err
			return
		}
		config.Certificates = []tls.Certificate{pair}
	}
	// Everything over the one connection that there may be: HTTP/2 has them in flight together, HTTP/1.1 one by one.
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true, MaxConnsPerHost: 1}}
	var all sync.WaitGroup
	for _, path := range paths {
		all.Go(func() {
			if err := c.get(client, path); err != nil {
				failures <- fmt.Errorf("%s %s: %w", c.Name, path, err)
			}
		})
	}
	all.Wait()
}

func (c cluster) get(client *http.Client, path string) error {
	request, err := http.NewRequest(http.MethodGet, c.URL+path, nil)
	if err != nil {
		return err
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", answer.Status)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}
