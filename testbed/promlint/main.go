// Command promlint reads a textfile as Prometheus does and prints what it thinks of it; it exits with 1 when it
// thinks anything. Each series is printed to stdout, so that a test can see what was understood.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		fail(err)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		fail(err)
	}
	for name, family := range families {
		for _, metric := range family.GetMetric() {
			fmt.Printf("%s %s", name, family.GetType())
			for _, label := range metric.GetLabel() {
				fmt.Printf(" %s=%q", label.GetName(), label.GetValue())
			}
			fmt.Printf(" %g\n", metric.GetGauge().GetValue())
		}
	}
	problems, err := promlint.New(bytes.NewReader(text)).Lint()
	if err != nil {
		fail(err)
	}
	for _, problem := range problems {
		fmt.Fprintf(os.Stderr, "%s: %s\n", problem.Metric, problem.Text)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
