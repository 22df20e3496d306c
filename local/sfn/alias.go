package sfn

import (
	"strings"

	"airline/local/recorder"
	"airline/local/resource"
)

// addAlias takes an alias in. A world has only the version that the stack has just published, so the alias leads to the
// machine as it is.
func (s *Service) addAlias(r *recorder.Resource) error {
	var in struct {
		Name        string `prop:"name"`
		ARN         string `prop:"arn,output"`
		Description any    `prop:"description,ignore"`
		Routes      []struct {
			Version string `prop:"stateMachineVersionArn"`
			Weight  int    `prop:"weight"`
		} `prop:"routingConfigurations"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	if len(in.Routes) != 1 || in.Routes[0].Weight != 100 {
		return resource.Problem(r, "only an alias that leads to one version with weight 100 is modelled by the local world")
	}
	machine := unqualified(in.Routes[0].Version)
	m, ok := s.machines[machine]
	if !ok || machine == in.Routes[0].Version {
		return resource.Problem(r, "leads to %q, which is no version of a deployed state machine", in.Routes[0].Version)
	}
	if !m.published {
		return resource.Problem(r, "leads to a version of %s, which publishes none", m.name)
	}
	s.aliases[in.ARN] = m
	return nil
}

// unqualified is a state machine's ARN without a version or an alias. Step Functions authorises by it, whichever of them
// was called (Developer Guide, "Authorization for versions and aliases").
func unqualified(arn string) string {
	part := strings.Split(arn, ":")
	if len(part) == 8 && part[5] == "stateMachine" {
		return strings.Join(part[:7], ":")
	}
	return arn
}
