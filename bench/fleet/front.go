package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/subtle"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// A front stands before the one API server and makes a cluster of each set of namespaces: the namespace fleet of
// cluster m-0007 is the server's m-0007-fleet. Whatever has no namespace and is not the same for all is refused.
type front struct {
	identities map[string]identity
	delay      time.Duration
	counters   *counters
	proxy      *httputil.ReverseProxy
}

// A passage is one request on its way, after the cluster's part of its path has been taken off.
type passage struct {
	cluster string
	asked   request
}

type key int

const (
	connectionKey key = iota
	passageKey
)

func newFront(all []identity, servers *servers, delay time.Duration) *front {
	f := &front{identities: map[string]identity{}, delay: delay, counters: newCounters()}
	for _, one := range all {
		f.identities[one.Name] = one
	}
	f.proxy = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = servers.url.Scheme, servers.url.Host, servers.url.Host
			r.Out.Header.Set("Authorization", "Bearer "+servers.token)
			r.Out.Header["User-Agent"] = r.In.Header["User-Agent"]
		},
		ModifyResponse: renameBack,
		Transport:      servers.client.Transport,
		FlushInterval:  -1,
		ErrorLog:       log.New(io.Discard, "", 0),
	}
	return f
}

func (f *front) serve(listener net.Listener, authority *authority, http1 bool) error {
	certificate, err := authority.server()
	if err != nil {
		return err
	}
	var connections atomic.Int64
	server := &http.Server{
		Handler: f,
		TLSConfig: &tls.Config{
			Certificates: []tls.Certificate{certificate},
			ClientAuth:   tls.VerifyClientCertIfGiven,
			ClientCAs:    authority.pool(),
		},
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
			return context.WithValue(ctx, connectionKey, connections.Add(1))
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	if http1 {
		server.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){}
	}
	return server.ServeTLS(listener, "", "")
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	segments := strings.SplitN(strings.TrimPrefix(r.URL.Path, "/"), "/", 3)
	one, known := identity{}, false
	if len(segments) >= 2 && segments[0] == "clusters" {
		one, known = f.identities[segments[1]]
	}
	if !known {
		refuse(w, http.StatusNotFound, "there is no such cluster")
		return
	}
	path := ""
	if len(segments) == 3 {
		path = segments[2]
	}
	asked := understand(r, path)
	f.counters.count(one.Name, asked.verb, r.Context().Value(connectionKey).(int64))
	time.Sleep(f.delay)
	if !authenticated(r, one) {
		refuse(w, http.StatusUnauthorized, "the token or certificate is not this cluster's")
		return
	}
	if asked.everywhere {
		refuse(w, http.StatusForbidden, "this fleet's clusters have no objects but those in their namespaces")
		return
	}
	out := r.WithContext(context.WithValue(r.Context(), passageKey, passage{one.Name, asked}))
	out.URL = &url.URL{Path: "/" + asked.path(one.Name), RawQuery: r.URL.RawQuery}
	if asked.namespace != "" {
		// What is compressed or binary could not be renamed; clients that ask for Protobuf take JSON too.
		out.Header.Del("Accept-Encoding")
		out.Header.Set("Accept", strings.ReplaceAll(r.Header.Get("Accept"), "application/vnd.kubernetes.protobuf,", ""))
		if strings.Contains(r.Header.Get("Content-Type"), "protobuf") {
			refuse(w, http.StatusUnsupportedMediaType, "this fleet takes JSON only")
			return
		}
		if err := renameBody(out, one.Name); err != nil {
			refuse(w, http.StatusBadRequest, err.Error())
			return
		}
	}
	f.proxy.ServeHTTP(w, out)
}

func authenticated(r *http.Request, one identity) bool {
	if one.Token != "" {
		given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		return subtle.ConstantTimeCompare([]byte(given), []byte(one.Token)) == 1
	}
	chains := r.TLS.VerifiedChains
	return len(chains) > 0 && chains[0][0].Subject.CommonName == one.Name
}

func refuse(w http.ResponseWriter, code int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	reason := strings.ReplaceAll(http.StatusText(code), " ", "")
	fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":%q,"reason":%q,"code":%d}`,
		message, reason, code)
}

var namespaceInBody = regexp.MustCompile(`"namespace":\s*"`)

func renameBody(r *http.Request, cluster string) error {
	if r.Body == nil || r.ContentLength == 0 {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	body = namespaceInBody.ReplaceAll(body, []byte(`"namespace":"`+cluster+`-`))
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	return nil
}

// renameBack takes the cluster's name off the names of namespaces in an answer.
func renameBack(answer *http.Response) error {
	passed := answer.Request.Context().Value(passageKey).(passage)
	if passed.asked.namespace == "" || !strings.HasPrefix(answer.Header.Get("Content-Type"), "application/json") {
		return nil
	}
	long := []byte(`"` + passed.cluster + `-`)
	if passed.asked.verb == "watch" {
		answer.Body = &lines{bufio.NewReader(answer.Body), answer.Body, long, nil}
		return nil
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil {
		return err
	}
	body = bytes.ReplaceAll(body, long, []byte(`"`))
	answer.Body = io.NopCloser(bytes.NewReader(body))
	answer.ContentLength = int64(len(body))
	answer.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// lines renames a watch event by event, as each arrives.
type lines struct {
	in     *bufio.Reader
	closer io.Closer
	long   []byte
	rest   []byte
}

func (l *lines) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		line, err := l.in.ReadBytes('\n')
		if len(line) == 0 {
			return 0, err
		}
		l.rest = bytes.ReplaceAll(line, l.long, []byte(`"`))
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

func (l *lines) Close() error { return l.closer.Close() }
