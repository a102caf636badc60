package main

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// An identity is how one cluster is reached: at its URL, with a token or with a client certificate.
type identity struct {
	Name        string `json:"name"`
	URL         string `json:"url"`
	Token       string `json:"token,omitempty"`
	Certificate []byte `json:"certificate,omitempty"`
	Key         []byte `json:"key,omitempty"`
}

// namesOf reads "host,m:2" as host, m-0001 and m-0002.
func namesOf(text string) ([]string, error) {
	var names []string
	for _, word := range words(text) {
		name, count, several := strings.Cut(word, ":")
		if !several {
			names = append(names, name)
			continue
		}
		n, err := strconv.Atoi(count)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%s: how many is a number", word)
		}
		for i := range n {
			names = append(names, fmt.Sprintf("%s-%04d", name, i+1))
		}
	}
	return names, nil
}

func words(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return c == ',' })
}

func identify(clusters []string, front string, authority *authority, certificates bool) ([]identity, error) {
	var all []identity
	for _, name := range clusters {
		one := identity{Name: name, URL: front + "/clusters/" + name}
		if certificates {
			signed, err := authority.sign(name, x509.ExtKeyUsageClientAuth)
			if err != nil {
				return nil, err
			}
			one.Certificate, one.Key = signed.certificate, signed.key
		} else {
			secret := make([]byte, 16)
			rand.Read(secret)
			one.Token = hex.EncodeToString(secret)
		}
		all = append(all, one)
	}
	return all, nil
}

// write leaves one kubeconfig with all contexts, one for each cluster, and the same as JSON.
func write(folder string, all []identity, authority *authority) error {
	if err := os.MkdirAll(filepath.Join(folder, "kubeconfigs"), 0o700); err != nil {
		return err
	}
	files := map[string]string{"kubeconfig.yaml": kubeconfig(all, authority), "ca.crt": string(authority.pem())}
	for _, one := range all {
		files[filepath.Join("kubeconfigs", one.Name+".yaml")] = kubeconfig([]identity{one}, authority)
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	files["clusters.json"] = string(text)
	for file, text := range files {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func kubeconfig(all []identity, authority *authority) string {
	encode := base64.StdEncoding.EncodeToString
	var clusters, contexts, users strings.Builder
	for _, one := range all {
		fmt.Fprintf(&clusters, "- name: %s\n  cluster:\n    server: %s\n    certificate-authority-data: %s\n",
			one.Name, one.URL, encode(authority.pem()))
		fmt.Fprintf(&contexts, "- name: %[1]s\n  context: {cluster: %[1]s, user: %[1]s}\n", one.Name)
		if one.Token != "" {
			fmt.Fprintf(&users, "- name: %s\n  user: {token: %s}\n", one.Name, one.Token)
		} else {
			fmt.Fprintf(&users, "- name: %s\n  user:\n    client-certificate-data: %s\n    client-key-data: %s\n",
				one.Name, encode(one.Certificate), encode(one.Key))
		}
	}
	return "apiVersion: v1\nkind: Config\ncurrent-context: " + all[0].Name + "\nclusters:\n" + clusters.String() +
		"contexts:\n" + contexts.String() + "users:\n" + users.String()
}
