package infra

// Demand is what a stack takes of a quota of its account.
type Demand struct {
	// Service and Code name the quota in Service Quotas. A code that nobody has published is empty: the quota is found by Name, a part of
	// its name there.
	Service, Code, Name string
	Amount              float64
	// AtOnce says that loads and queries take it while they run, up to that much; else the deployment does, for as long as the stack is there.
	AtOnce bool
}

// Demands are the quotas that deploying and running the stack may meet. It takes no Elastic IP address, and no NAT gateway. Roles, whose quota
// belongs to all regions, are counted by RolesMade.
func (n Names) Demands(c *Config) []Demand {
	var list []Demand
	if c.Network.Create && n.Given.warehouse() == "" {
		list = append(list, Demand{Service: "vpc", Code: "L-F678F1CE", Name: "VPCs per Region", Amount: 1})
	}
	// The runs of big batches have up to MaxWorkers.
	runs, dpus := float64(c.Job.MaxConcurrentRuns), float64(c.Job.MaxConcurrentRuns)*float64(c.Job.MaxWorkers)*dpusOf[c.Job.WorkerType]
	if n.smallJob(c) != "" {
		runs, dpus = 2*runs, dpus+float64(c.Job.MaxConcurrentRuns)*c.Job.SmallDPU
	}
	list = append(list,
		Demand{Service: "events", Code: "L-244521F2", Name: "Number of rules", Amount: float64(len(n.ruled()))},
		Demand{Service: "glue", Code: "L-5E4153CA", Name: "Max concurrent job runs per account", Amount: runs, AtOnce: true},
		Demand{Service: "glue", Code: "L-08F3B322", Name: "Max task DPUs per account", Amount: dpus, AtOnce: true})
	switch {
	case n.Given.warehouse() != "":
		return list
	case c.Warehouse.Kind == Provisioned:
		return append(list, Demand{Service: "redshift", Name: "Nodes", Amount: float64(c.Warehouse.Nodes)})
	}
	return append(list, Demand{Service: "redshift-serverless", Name: "RPU", Amount: float64(max(c.Warehouse.BaseCapacity, c.Warehouse.MaxCapacity)), AtOnce: true})
}

// dpusOf are the DPU of a worker (AWS Glue Developer Guide, "AWS Glue worker types").
var dpusOf = map[string]float64{"G.1X": 1, "G.2X": 2, "G.4X": 4, "G.8X": 8}

// RolesMade is how many roles the stack makes.
func (n Names) RolesMade(c *Config) int {
	made := len(n.machineThings()) + len([]string{eventsThing, crawlerThing, jobThing, copyThing})
	if c.BatchSeconds > 0 {
		made += len(n.Datasets()) // the pipes'
	}
	if c.DeployerOrganization != "" {
		made += len([]string{deployerThing, previewerThing})
	}
	return made
}
