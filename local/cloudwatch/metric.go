package cloudwatch

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Datum is one value of a metric.
type Datum struct {
	Metric     string            // "glue.driver.aggregate.numCompletedTasks"
	Dimensions map[string]string // "JobName": "airline-dev-load"
	Value      float64
}

type metric struct {
	id     string
	points []point
}

type point struct {
	at    time.Time
	value float64
}

func valuesOf(points []point) []float64 {
	values := make([]float64, len(points))
	for i, p := range points {
		values[i] = p.value
	}
	return values
}

// identity is a metric's name with its namespace and dimensions, which together make it a metric of its own.
func identity(namespace, name string, dimensions map[string]string) string {
	var b strings.Builder
	b.WriteString(namespace + "\x00" + name)
	for _, k := range slices.Sorted(maps.Keys(dimensions)) {
		b.WriteString("\x00" + k + "=" + dimensions[k])
	}
	return b.String()
}

// Count stores values that an AWS service publishes of itself (namespace "AWS/States" and the like): no call, no permission.
func (s *Service) Count(namespace string, data ...Datum) {
	for _, d := range data {
		id := identity(namespace, d.Metric, d.Dimensions)
		m := s.metrics[id]
		if m == nil {
			m = &metric{id: id}
			s.metrics[id] = m
		}
		m.points = append(m.points, point{s.door.Now(), d.Value})
		for _, a := range s.alarms {
			if a.metric == id {
				s.watch(a)
			}
		}
	}
}

// Sum adds up a metric's values since a time.
func (s *Service) Sum(namespace, name string, dimensions map[string]string, since time.Time) float64 {
	total := 0.0
	if m := s.metrics[identity(namespace, name, dimensions)]; m != nil {
		for _, p := range m.between(since, s.door.Now().Add(1)) {
			total += p.value
		}
	}
	return total
}

// between gives the points in [from, to); they are in order of time.
func (m *metric) between(from, to time.Time) []point {
	first := search(m.points, from)
	return m.points[first:search(m.points, to)]
}

func search(points []point, t time.Time) int {
	i, _ := slices.BinarySearchFunc(points, t, func(p point, t time.Time) int { return p.at.Compare(t) })
	return i
}
