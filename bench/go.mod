module muster.dev/bench

go 1.25.0
