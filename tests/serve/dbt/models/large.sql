{{ config(materialized='table', dist='code', sort='people') }}
select code, name, people from {{ ref('countries') }} where people > 20000000
