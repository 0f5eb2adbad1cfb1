using System.Globalization;
using Planton.Server.Hosting;
using Planton.Server.Quotas;

namespace Planton.Server.Tests.Quotas;

public sealed class QuotaReaderTests
{
    [Fact]
    public void WithoutSettings_TheDefaultsHold() => Assert.Equal(new QuotaOptions(), Read(null, out _));

    [Fact]
    public void EachIsSetByItsName()
    {
        foreach (var quota in Quota.All)
        {
            var value = quota.Get(new QuotaOptions()) == quota.Most ? quota.Least : quota.Most;
            var options = Read($"{quota.Name}={value}", out var faults);
            Assert.Empty(faults);
            Assert.Equal(value, quota.Get(options));
            Assert.Equal(new QuotaOptions(), quota.Set(options, quota.Get(new QuotaOptions())));
        }
    }

    [Fact]
    public void EveryOptionHasOneName() =>
        Assert.Equal(typeof(QuotaOptions).GetProperties().Count(property => property.PropertyType == typeof(int)), Quota.All.Select(quota => quota.Name).Distinct().Count());

    [Fact]
    public void EveryFaultIsToldAtOnce()
    {
        Read("runner-tunnels=0, caller-runner-percent=101,organization-runners=many,speed=9,x,caller-operations=5,caller-operations=6,caller-request-burst=", out var faults);
        string[] parts =
        [
            "runner-tunnels: \"0\" is not a whole number from 1 to 10000", "caller-runner-percent: \"101\" is not a whole number from 1 to 100",
            "organization-runners: \"many\"", "\"speed\" is no quota; there are caller-requests-per-second,", "\"x\" is not NAME=VALUE",
            "caller-operations is given twice", "caller-request-burst: \"\"",
        ];
        Assert.Equal(parts.Length, faults.Count);
        Assert.All(parts, part => Assert.Single(faults, fault => fault.Contains(part, StringComparison.Ordinal)));
        Assert.All(faults, fault => Assert.StartsWith("--quota (PLANTON_SERVER_QUOTA): ", fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheFlagIsRepeated_AndWinsOverTheVariable()
    {
        ServerOptions? started = null;
        var command = new ServerCommand(
            TextWriter.Null, TextWriter.Null, name => name == "PLANTON_SERVER_QUOTA" ? "runner-tunnels=9,organization-runners=9" : null,
            (options, _, _) =>
            {
                started = options;
                return Task.FromResult(0);
            });
        Assert.Equal(0, await command.InvokeAsync([], TestContext.Current.CancellationToken));
        Assert.Equal((9, 9), (started!.Quotas.RunnerTunnels, started.Quotas.OrganizationRunners));
        Assert.Equal(0, await command.InvokeAsync(["--quota", "runner-tunnels=3", "--quota", "caller-operations=4,organization-tunnels=5"], TestContext.Current.CancellationToken));
        Assert.Equal(
            (3, 4, 5, 500),
            (started!.Quotas.RunnerTunnels, started.Quotas.CallerOperations, started.Quotas.OrganizationTunnels, started.Quotas.OrganizationRunners));
    }

    [Fact]
    public void TheReferenceListsEachWithItsDefault()
    {
        var page = File.ReadAllLines(Path.Combine(RepositoryTree.Root, "docs", "reference", "server.md"));
        Assert.All(Quota.All, quota => Assert.Contains(
            page, line => line.StartsWith(string.Create(CultureInfo.InvariantCulture, $"| `{quota.Name}` | {quota.Get(new QuotaOptions()):#,0} |"), StringComparison.Ordinal)));
    }

    private static QuotaOptions Read(string? text, out IReadOnlyList<string> faults)
    {
        (var options, faults) = ServerOptionsReader.Read(new ServerSettings { Quota = text });
        return options.Quotas;
    }
}
