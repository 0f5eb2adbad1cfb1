using Planton.Api.Connections;
using Planton.Server.Connections;

namespace Planton.Server.Tests.Fixture;

/// <summary>Stands for the target behind a connection.</summary>
internal sealed class FakeTester : IConnectionTester
{
    public Func<ConnectionEntity, string, Task<ConnectionTest>> Test { get; set; } =
        (_, _) => Task.FromResult(new ConnectionTest(true, [new ConnectionTestStage("route", true, 0.1, "found", null)]));

    public Task<ConnectionTest> TestAsync(ConnectionEntity connection, string operationId, CancellationToken cancellationToken) =>
        Test(connection, operationId);
}
