using Planton.Testing.Databases;
using Xunit.Sdk;
using Xunit.v3;

// Every test starts several programs, and many of them measure time: side by side they would measure each other.
[assembly: Parallelization(Mode = ParallelMode.None)]

// With PLANTON_TEST_DATABASE=postgres the servers share one.
[assembly: AssemblyFixture(typeof(PostgreSqlServerEnd))]
