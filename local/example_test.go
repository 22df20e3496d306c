package local_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/infra"
	"airline/local"
)

// The dev stack on this machine: two files land in the raw bucket, and some minutes of virtual time later the
// warehouse has the flights.
func ExampleDeploy() {
	ctx := context.Background()
	w, err := local.Deploy(ctx, local.Options{Dir: "..", Stack: "dev", Program: infra.Program})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer w.Close()
	for _, file := range [][2]string{
		{"airports/airports.csv", "airport_id,city,state,name\n1,Berlin,BE,Brandenburg\n2,Paris,IF,Orly\n"},
		{"daily-flights/date=2024-01-01/flights.csv", "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nLH,1,2,5,-3\n"},
	} {
		_, err := w.S3().PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: &file[0], Body: strings.NewReader(file[1])})
		if err == nil {
			err = w.Run(ctx)
		}
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	for _, n := range w.SNS().Notifications() {
		fmt.Println(n.Subject)
	}
	facts, err := w.RedshiftData().Query(ctx, "SELECT carrier, dep_city, arr_city, dep_delay FROM airlines.daily_flights_fact")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(facts.Rows)
	// Output:
	// airline: airports loaded
	// airline: flights loaded
	// [[LH Berlin Paris 5]]
}
