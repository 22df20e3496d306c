// Package pack shows the rules of package rules to the Pulumi engine, as a policy pack.
//
// The engine asks twice. Before it makes a resource, it shows the pack the resource's inputs: the rules that judge a resource
// alone answer then, so that a violation stops the resource. At the end it shows the whole stack: the rules that judge
// resources together answer, and one policy of the pack's own, rules.UndecidedID, tells what no rule can tell yet.
//
// The engine hands configuration to policies of single resources only, and shows the whole stack as outputs, in which at a
// first preview what was left out looks like what is not known yet. So the pack remembers, from the first kind of question,
// the settings and every resource's inputs.
package pack

import (
	"context"
	"sync"
	"time"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/policyx"

	"airline/policy/rules"
)

// Name is the pack's name in the engine.
const Name = "airline-policy"

var version = semver.Version{Major: 1}

// New makes the pack for the engine.
func New(*pulumi.Context) (policyx.PolicyPack, error) { return newPack(time.Now) }

func newPack(now func() time.Time) (policyx.PolicyPack, error) {
	p := &pack{now: now, settings: rules.DefaultSettings(), inputs: map[string]property.Map{}, told: map[string]bool{}, asked: map[string]bool{}}
	policies := []policyx.Policy{p.settingsPolicy()}
	for _, rule := range rules.All() {
		if rule.Alone() {
			policies = append(policies, p.resourcePolicy(rule))
		} else {
			policies = append(policies, p.stackPolicy(rule))
		}
	}
	policies = append(policies, p.exemptionsPolicy(), p.undecidedPolicy())
	return policyx.NewPolicyPack(Name, version, policyx.EnforcementLevelMandatory, policies)
}

// pack is what the policies of one engine run share.
type pack struct {
	now func() time.Time

	mu       sync.Mutex
	settings *rules.Settings
	inputs   map[string]property.Map // by URN
	told     map[string]bool         // problems of the configuration that were told
	asked    map[string]bool         // rules that the configuration has not disabled
	found    []rules.Finding         // of resources alone, for the exemptions
}

// settingsPolicy reads the configuration and refuses what is wrong with it.
func (p *pack) settingsPolicy() policyx.Policy {
	return policyx.NewResourceValidationPolicy(rules.SettingsID, policyx.ResourceValidationPolicyArgs{
		Description:      "The pack's configuration: tags, retention, regions, production stacks and exemptions.",
		EnforcementLevel: policyx.EnforcementLevelMandatory,
		ConfigSchema:     &policyx.ConfigSchema{Properties: rules.Schema()},
		ValidateResource: func(_ context.Context, args policyx.ResourceValidationArgs) error {
			p.mu.Lock()
			defer p.mu.Unlock()
			s := rules.DefaultSettings()
			if err := s.Apply(args.Config); err != nil {
				if !p.told[err.Error()] {
					p.told[err.Error()] = true
					args.Manager.ReportViolation(err.Error(), args.Resource.URN)
				}
				return nil
			}
			p.settings = s
			return nil
		},
	})
}

func (p *pack) resourcePolicy(rule *rules.Rule) policyx.Policy {
	types := map[string]bool{}
	for _, t := range rule.Types {
		types[t] = true
	}
	return policyx.NewResourceValidationPolicy(rule.ID, policyx.ResourceValidationPolicyArgs{
		Description:      rule.Title,
		EnforcementLevel: level(rule.Level),
		ValidateResource: func(_ context.Context, args policyx.ResourceValidationArgs) error {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.inputs[args.Resource.URN] = args.Resource.Properties
			p.asked[rule.ID] = true
			if !types[args.Resource.Type] {
				return nil
			}
			r := resourceOf(args.Resource)
			s := rules.NewStack([]*rules.Resource{r})
			p.report(args.Manager, rules.JudgeResource(rule, s, r, p.settings))
			return nil
		},
	})
}

func (p *pack) stackPolicy(rule *rules.Rule) policyx.Policy {
	return policyx.NewStackValidationPolicy(rule.ID, policyx.StackValidationPolicyArgs{
		Description:      rule.Title,
		EnforcementLevel: level(rule.Level),
		ValidateStack: func(_ context.Context, args policyx.StackValidationArgs) error {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.asked[rule.ID] = true
			p.report(args.Manager, rules.JudgeStack(rule, p.stackOf(args.Resources), p.settings))
			return nil
		},
	})
}

// exemptionsPolicy refuses exemptions that have expired. It comes after all rules, and so knows which excused something.
func (p *pack) exemptionsPolicy() policyx.Policy {
	return policyx.NewStackValidationPolicy(rules.ExemptionsID, policyx.StackValidationPolicyArgs{
		Description:      "Exemptions are current.",
		EnforcementLevel: policyx.EnforcementLevelMandatory,
		ValidateStack: func(_ context.Context, args policyx.StackValidationArgs) error {
			p.mu.Lock()
			defer p.mu.Unlock()
			for _, f := range p.settings.JudgeExemptions(p.stackOf(args.Resources), p.found, p.now()) {
				if f.Level == rules.Mandatory {
					args.Manager.ReportViolation(f.String(), urn(f))
				}
			}
			return nil
		},
	})
}

// undecidedPolicy tells what rules cannot tell yet. It is advisory: not to know is neither a violation nor a pass.
func (p *pack) undecidedPolicy() policyx.Policy {
	return policyx.NewStackValidationPolicy(rules.UndecidedID, policyx.StackValidationPolicyArgs{
		Description:      "What a rule reads is not known before something is created. The update judges it before it makes the resource.",
		EnforcementLevel: policyx.EnforcementLevelAdvisory,
		ValidateStack: func(_ context.Context, args policyx.StackValidationArgs) error {
			p.mu.Lock()
			defer p.mu.Unlock()
			for _, f := range rules.Judge(p.stackOf(args.Resources), p.settings, p.now()).Findings {
				if f.Verdict == rules.Undecided && p.asked[f.Rule.ID] {
					args.Manager.ReportViolation(f.Rule.ID+": "+f.String(), urn(f))
				}
			}
			return nil
		},
	})
}

// report tells the engine of violations that are not exempted.
func (p *pack) report(manager policyx.PolicyManager, found []rules.Finding) {
	p.found = append(p.found, found...)
	for _, f := range found {
		if f = p.settings.Excuse(f, p.now()); f.Verdict == rules.Violation {
			manager.ReportViolation(f.String(), urn(f))
		}
	}
}

func urn(f rules.Finding) string {
	if f.Resource == nil {
		return ""
	}
	return f.Resource.URN
}

// stackOf is the whole stack, with the inputs that were shown before.
func (p *pack) stackOf(all []policyx.AnalyzerResource) *rules.Stack {
	resources := make([]*rules.Resource, 0, len(all))
	for _, a := range all {
		r := resourceOf(a)
		r.Outputs = a.Properties
		if inputs, ok := p.inputs[a.URN]; ok {
			r.Inputs = inputs
		}
		resources = append(resources, r)
	}
	return rules.NewStack(resources)
}

func resourceOf(a policyx.AnalyzerResource) *rules.Resource {
	return &rules.Resource{
		Type: a.Type, Name: a.Name, URN: a.URN, Inputs: a.Properties, Parent: a.Parent, Provider: a.Provider.URN,
		Dependencies: a.Dependencies, PropertyDependencies: a.PropertyDependencies, Protect: a.Options.Protect, IgnoreChanges: a.Options.IgnoreChanges,
	}
}

func level(l rules.Level) policyx.EnforcementLevel {
	if l == rules.Advisory {
		return policyx.EnforcementLevelAdvisory
	}
	return policyx.EnforcementLevelMandatory
}
