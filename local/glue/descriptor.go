package glue

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// table is the definition of a table over CSV files, as crawlers write it.
func (w *catalogWriter) table(g tableFiles, keys, columns []types.Column, total stats) *types.TableInput {
	parameters := w.parameters(g.leading, total)
	parameters["UPDATED_BY_CRAWLER"] = w.crawler.name
	return &types.TableInput{
		Name: aws.String(g.name), Owner: aws.String("owner"), TableType: aws.String("EXTERNAL_TABLE"),
		Parameters: parameters, PartitionKeys: keys, StorageDescriptor: w.descriptor(g, g.leading, g.location, columns, parameters),
	}
}

// partitionInput is the definition of a partition. Unless it inherits from the table, its columns are those of
// its own files.
func (w *catalogWriter) partitionInput(g tableFiles, columns []types.Column, f *folder) *types.PartitionInput {
	own := f.schema
	if w.crawler.inherit || !similar(own, g.leading) {
		own = g.leading
	} else {
		columns = columnsOf(own, nil)
	}
	parameters := w.parameters(own, f.stats)
	return &types.PartitionInput{
		Values: f.values, Parameters: parameters, StorageDescriptor: w.descriptor(g, own, g.location+f.path, columns, parameters),
	}
}

func (w *catalogWriter) parameters(s schema, n stats) map[string]string {
	p := map[string]string{
		"classification": s.classification, "compressionType": s.compression, "typeOfData": "file", "columnsOrdered": "true",
		"delimiter": s.delimiter, "areColumnsQuoted": strconv.FormatBool(s.quoted),
		"objectCount": strconv.FormatInt(n.objects, 10), "recordCount": strconv.FormatInt(n.rows, 10), "sizeKey": strconv.FormatInt(n.bytes, 10),
		"averageRecordSize":              strconv.FormatInt(n.bytes/max(n.rows, 1), 10),
		"CrawlerSchemaSerializerVersion": "1.0", "CrawlerSchemaDeserializerVersion": "1.0",
	}
	if s.header {
		p["skip.header.line.count"] = "1"
	}
	return p
}

func (w *catalogWriter) descriptor(g tableFiles, s schema, location string, columns []types.Column, parameters map[string]string) *types.StorageDescriptor {
	serde := &types.SerDeInfo{
		SerializationLibrary: aws.String("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"),
		Parameters:           map[string]string{"field.delim": s.delimiter},
	}
	if s.serde == types.CsvSerdeOptionOpenCSVSerDe || s.serde == "" && s.quoted {
		serde = &types.SerDeInfo{
			SerializationLibrary: aws.String("org.apache.hadoop.hive.serde2.OpenCSVSerde"),
			Parameters:           map[string]string{"separatorChar": s.delimiter, "quoteChar": s.quote, "escapeChar": `\`},
		}
	}
	return &types.StorageDescriptor{
		Columns: columns, Location: aws.String(location), NumberOfBuckets: -1, Compressed: s.compression == "gzip",
		InputFormat:  aws.String("org.apache.hadoop.mapred.TextInputFormat"),
		OutputFormat: aws.String("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"),
		SerdeInfo:    serde, Parameters: parameters,
	}
}
