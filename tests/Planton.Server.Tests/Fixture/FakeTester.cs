using Planton.Api.Connections;
using Planton.Server.Connections;
using Planton.Server.Routing;

namespace Planton.Server.Tests.Fixture;

/// <summary>Stands for the target behind a connection.</summary>
internal sealed class FakeTester : IConnectionTester
{
    public static readonly Func<Operation, Task<IReadOnlyList<ConnectionTestStage>>> Passes =
        _ => Task.FromResult<IReadOnlyList<ConnectionTestStage>>([new ConnectionTestStage(ConnectionTestStageName.Tunnel, true, 0.1, "found", null)]);

    public Func<Operation, Task<IReadOnlyList<ConnectionTestStage>>> Test { get; set; } = Passes;

    public Task<IReadOnlyList<ConnectionTestStage>> TestAsync(Operation operation, CancellationToken cancellationToken) => Test(operation);
}
