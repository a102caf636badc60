package main

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// servers are the one etcd and the one kube-apiserver behind all clusters.
type servers struct {
	url      *url.URL
	token    string
	client   *http.Client
	programs []*exec.Cmd
}

// startServers returns when the API server is ready; its logs are in the folder.
func startServers(binaries, folder string, authority *authority) (*servers, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	secret := make([]byte, 16)
	rand.Read(secret)
	s := &servers{token: hex.EncodeToString(secret)}
	signed, err := authority.sign("kube-apiserver", x509.ExtKeyUsageServerAuth)
	if err != nil {
		return nil, err
	}
	in := func(file string) string { return filepath.Join(folder, file) }
	for file, content := range map[string][]byte{
		"tls.crt":    signed.certificate,
		"tls.key":    signed.key,
		"tokens.csv": []byte(s.token + ",admin,admin,\"system:masters\"\n"),
	} {
		if err := os.WriteFile(in(file), content, 0o600); err != nil {
			return nil, err
		}
	}
	ports, err := freePorts(3)
	if err != nil {
		return nil, err
	}
	etcd, peers := "http://"+ports[0], "http://"+ports[1]
	s.url = &url.URL{Scheme: "https", Host: ports[2]}
	_, port, _ := net.SplitHostPort(ports[2])
	err = s.start(in("etcd.log"), filepath.Join(binaries, "etcd"), "--name=bench", "--data-dir="+in("etcd"),
		"--listen-client-urls="+etcd, "--advertise-client-urls="+etcd, "--listen-peer-urls="+peers,
		"--initial-advertise-peer-urls="+peers, "--initial-cluster=bench="+peers, "--log-level=error",
		// Nothing of it is to survive anything.
		"--unsafe-no-fsync")
	if err == nil {
		err = s.start(in("kube-apiserver.log"), filepath.Join(binaries, "kube-apiserver"), "--etcd-servers="+etcd,
			"--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--secure-port="+port,
			"--tls-cert-file="+in("tls.crt"), "--tls-private-key-file="+in("tls.key"), "--cert-dir="+folder,
			"--token-auth-file="+in("tokens.csv"), "--authorization-mode=RBAC",
			"--disable-admission-plugins=ServiceAccount", "--service-account-issuer=https://kubernetes.default.svc",
			"--service-account-key-file="+in("tls.crt"), "--service-account-signing-key-file="+in("tls.key"),
			"--service-cluster-ip-range=10.96.0.0/16", "--endpoint-reconciler-type=none",
			// A thousand clusters would not share one server's limits.
			"--enable-priority-and-fairness=false", "--max-requests-inflight=0", "--max-mutating-requests-inflight=0",
			"--profiling=false")
	}
	if err != nil {
		s.stop()
		return nil, err
	}
	s.client = &http.Client{Transport: &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: authority.pool()},
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 64,
		// What is passed on is passed on as it came.
		DisableCompression: true,
	}}
	if err := s.awaitReady(); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (s *servers) start(log, program string, args ...string) error {
	file, err := os.Create(log)
	if err != nil {
		return err
	}
	defer file.Close()
	command := exec.Command(program, args...)
	command.Stdout, command.Stderr = file, file
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return err
	}
	s.programs = append(s.programs, command)
	return nil
}

func (s *servers) stop() {
	for _, program := range s.programs {
		program.Process.Kill()
		program.Wait()
	}
}

func (s *servers) awaitReady() error {
	for began := time.Now(); time.Since(began) < 2*time.Minute; time.Sleep(50 * time.Millisecond) {
		if status, _ := s.request("GET", "/readyz", nil); status == http.StatusOK {
			if status, _ = s.request("GET", "/api/v1/namespaces/default", nil); status == http.StatusOK {
				return nil
			}
		}
	}
	return fmt.Errorf("kube-apiserver did not get ready; see its log")
}

// request returns status 0 when nothing answers.
func (s *servers) request(method, path string, body []byte) (int, []byte) {
	request, err := http.NewRequest(method, s.url.String()+path, bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := s.client.Do(request)
	if err != nil {
		return 0, nil
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, text
}

// createNamespaces gives each cluster namespaces of its own, so also a kube-system with a UID of its own.
func (s *servers) createNamespaces(clusters, names []string) error {
	work := make(chan string)
	failures := make(chan error, 16)
	for range 16 {
		go func() {
			var failure error
			for namespace := range work {
				body := fmt.Sprintf(`{"metadata":{"name":%q}}`, namespace)
				if status, text := s.request("POST", "/api/v1/namespaces", []byte(body)); status != http.StatusCreated {
					failure = fmt.Errorf("namespace %s: %d %s", namespace, status, text)
				}
			}
			failures <- failure
		}()
	}
	for _, cluster := range clusters {
		for _, name := range names {
			work <- cluster + "-" + name
		}
	}
	close(work)
	var failure error
	for range 16 {
		if err := <-failures; err != nil {
			failure = err
		}
	}
	return failure
}

func freePorts(n int) ([]string, error) {
	var addresses []string
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		addresses = append(addresses, listener.Addr().String())
	}
	return addresses, nil
}
