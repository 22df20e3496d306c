package intrinsic

import (
	"errors"
	"fmt"
	"math"

	"airline/asl/jsonvalue"
)

func mathAdd(_ *Env, args []any) (any, error) {
	a, err := integer(args, 0)
	if err != nil {
		return nil, err
	}
	b, err := integer(args, 1)
	if err != nil {
		return nil, err
	}
	if sum := a + b; sum >= math.MinInt32 && sum <= math.MaxInt32 {
		return jsonvalue.Box(float64(sum)), nil
	}
	return nil, errors.New("the sum is out of the range of a 32-bit integer")
}

// mathRandom draws from start (inclusive) to end (exclusive). With a seed the
// result is that of Java's generator, which depends on nothing else.
func mathRandom(env *Env, args []any) (any, error) {
	start, err := integer(args, 0)
	if err != nil {
		return nil, err
	}
	end, err := integer(args, 1)
	if err != nil {
		return nil, err
	}
	if end <= start {
		return nil, errors.New("the end of the range must be greater than its start")
	}
	span := int64(end) - int64(start)
	if len(args) == 3 {
		seed, err := integer(args, 2)
		if err != nil {
			return nil, err
		}
		generator := newJavaRandom(int64(seed))
		return jsonvalue.Box(float64(int64(start) + generator.below(span))), nil
	}
	if env.Rand == nil {
		return nil, errors.New("there is no source of random numbers")
	}
	return jsonvalue.Box(float64(int64(start) + env.Rand.Int64N(span))), nil
}

// javaRandom is the linear congruential generator that java.util.Random
// documents.
type javaRandom struct{ state int64 }

func newJavaRandom(seed int64) *javaRandom {
	return &javaRandom{(seed ^ 0x5DEECE66D) & (1<<48 - 1)}
}

func (r *javaRandom) next(bits uint) int32 {
	r.state = (r.state*0x5DEECE66D + 0xB) & (1<<48 - 1)
	return int32(r.state >> (48 - bits))
}

// below is nextInt(bound); a bound beyond 32 bits takes a rejected draw of the
// whole range, as Java's nextInt(origin, bound) does.
func (r *javaRandom) below(bound int64) int64 {
	if bound > math.MaxInt32 {
		for {
			if n := int64(r.next(32)) - math.MinInt32; n < bound {
				return n
			}
		}
	}
	n := int32(bound)
	value := r.next(31)
	if n&(n-1) == 0 {
		return (int64(n) * int64(value)) >> 31
	}
	for draw := value; ; draw = r.next(31) {
		if value = draw % n; draw-value+(n-1) >= 0 {
			return int64(value)
		}
	}
}

func uuid(env *Env, _ []any) (any, error) {
	if env.UUID != nil {
		return env.UUID(), nil
	}
	if env.Rand == nil {
		return nil, errors.New("there is no source of random numbers")
	}
	high, low := env.Rand.Uint64(), env.Rand.Uint64()
	high = high&^0xF000 | 0x4000
	low = low&^(0xC<<60) | 0x8<<60
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xFFFF, high&0xFFFF, low>>48, low&(1<<48-1)), nil
}
