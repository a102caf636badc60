// The program fleet plays any number of clusters with one real kube-apiserver, each under a path of its own, and
// counts what each of them is asked. It ends on SIGTERM, SIGINT, or when its stdin ends.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

func main() {
	binaries := flag.String("binaries", "", "the folder with etcd and kube-apiserver, as testbed/binaries prints it")
	names := flag.String("clusters", "host,m:2", "names of clusters; m:2 is m-0001 and m-0002")
	namespaces := flag.String("namespaces", "fleet", "what each cluster has besides kube-system, with commas")
	folder := flag.String("folder", "", "where kubeconfig.yaml, kubeconfigs/NAME.yaml and clusters.json are written")
	delay := flag.Duration("delay", 0, "how much later than sent each request arrives")
	http1 := flag.Bool("http1", false, "offer HTTP/1.1 only, instead of HTTP/2 too")
	certificates := flag.Bool("client-certificates", false, "give out client certificates instead of tokens")
	flag.Parse()
	log.SetFlags(0)
	log.SetPrefix("fleet: ")
	// The servers are to die with this program, and the kernel takes the death of the thread that started them for it.
	runtime.LockOSThread()

	if err := run(*binaries, *names, *namespaces, *folder, *delay, *http1, *certificates); err != nil {
		log.Fatal(err)
	}
}

func run(binaries, names, namespaces, folder string, delay time.Duration, http1, certificates bool) error {
	if binaries == "" || folder == "" {
		return fmt.Errorf("--binaries and --folder are needed")
	}
	clusters, err := namesOf(names)
	if err != nil {
		return err
	}
	authority, err := newAuthority()
	if err != nil {
		return err
	}
	servers, err := startServers(binaries, filepath.Join(folder, "servers"), authority)
	if err != nil {
		return err
	}
	defer servers.stop()
	if err := servers.createNamespaces(clusters, append(words(namespaces), "kube-system")); err != nil {
		return err
	}

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	identities, err := identify(clusters, "https://"+listener.Addr().String(), authority, certificates)
	if err != nil {
		return err
	}
	if err := write(folder, identities, authority); err != nil {
		return err
	}
	front := newFront(identities, servers, delay)
	go func() { log.Fatal(front.serve(listener, authority, http1)) }()

	admin, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() { log.Fatal(http.Serve(admin, front.counters.handler())) }()
	json.NewEncoder(os.Stdout).Encode(map[string]string{"counters": "http://" + admin.Addr().String()})

	over := make(chan os.Signal, 1)
	signal.Notify(over, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		io.Copy(io.Discard, os.Stdin)
		over <- syscall.SIGTERM
	}()
	<-over
	return nil
}
