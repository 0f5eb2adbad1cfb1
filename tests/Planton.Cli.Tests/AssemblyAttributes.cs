using System.Runtime.Versioning;
using Planton.Cli.Tests.Kubectl;

// File modes are asserted, which Windows does not have.
[assembly: UnsupportedOSPlatform("windows")]
[assembly: AssemblyFixture(typeof(RealCluster))]
