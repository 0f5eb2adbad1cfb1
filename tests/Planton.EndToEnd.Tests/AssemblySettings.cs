using Planton.Testing.Databases;

// With PLANTON_TEST_DATABASE=postgres the servers share one.
[assembly: AssemblyFixture(typeof(PostgreSqlServerEnd))]
