using Planton.EndToEnd.Tests.Clusters;
using Planton.EndToEnd.Tests.Installations;
using Planton.Testing.Databases;

[assembly: TestCollectionOrderer(typeof(SlowFirst))]

// Each is made by the first test that needs it, and ended with the last.
[assembly: AssemblyFixture(typeof(CommonInstallation))]
[assembly: AssemblyFixture(typeof(CommonInstallationOnPostgreSql))]
[assembly: AssemblyFixture(typeof(AnotherControlPlane))]
[assembly: AssemblyFixture(typeof(RealClusterFixture))]
[assembly: AssemblyFixture(typeof(ServerTemplate))]
[assembly: AssemblyFixture(typeof(PostgreSqlServerEnd))]
