package infra

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"airline/asl"
)

func TestMachinePolicy(t *testing.T) {
	n := testNames
	got := n.machinePolicy([]asl.Grant{
		{Actions: []string{"glue:GetCrawler"}, Resources: []string{n.CrawlerARN("flights")}},
		{Actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resources: []string{n.keyARN(messagesKey)}},
		{Actions: []string{"kms:Decrypt"}, Resources: []string{n.keyARN(dataKey), n.keyARN(messagesKey)}},
		{Actions: []string{"redshift-data:BatchExecuteStatement"}, Resources: []string{n.workgroupsARN()}},
		{
			Actions: []string{"kms:Decrypt"}, Resources: []string{n.keyARN(messagesKey)},
			Conditions: []asl.GrantCondition{{Operator: "StringEquals", Key: "kms:ViaService", Values: []string{"s3"}}},
		},
	})
	key := func(aliases ...string) Conditions {
		return Conditions{"ForAnyValue:StringEquals": {"kms:ResourceAliases": aliases}}
	}
	want := []Statement{
		{Sid: "GlueGetCrawler", Actions: []string{"glue:GetCrawler"}, Resources: []string{n.CrawlerARN("flights")}, Conditions: Conditions{}},
		{
			Sid: "KmsDecryptAnd1More", Actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resources: []string{n.KeysARN()},
			Conditions: key("alias/airline-dev-messages"),
		},
		{Sid: "KmsDecrypt", Actions: []string{"kms:Decrypt"}, Resources: []string{n.KeysARN()}, Conditions: key("alias/airline-dev-data", "alias/airline-dev-messages")},
		{
			Sid: "RedshiftDataBatchExecuteStatement", Actions: []string{"redshift-data:BatchExecuteStatement"},
			Resources:  []string{n.workgroupsARN()},
			Conditions: Conditions{"StringEquals": {"aws:ResourceTag/stack": {"airline-dev"}}},
		},
		{
			Sid: "KmsDecrypt2", Actions: []string{"kms:Decrypt"}, Resources: []string{n.KeysARN()},
			Conditions: key("alias/airline-dev-messages").with(Conditions{"StringEquals": {"kms:ViaService": {"s3"}}}),
		},
	}
	if diff := cmp.Diff(append(want, machineBasics()...), got.Statements); diff != "" {
		t.Errorf("statements (-want +got):\n%s", diff)
	}
}
