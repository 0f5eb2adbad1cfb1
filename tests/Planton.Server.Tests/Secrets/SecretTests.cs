using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Secrets;

public sealed class SecretTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASecretIsWrittenShownRevealedListedAndDeleted()
    {
        await using var server = await ServerFixture.StartAsync();
        var made = await PutAsync(server, "db", ("user", "kim"), ("password", "hunter2"));
        Assert.Equal(("db", "default", (string?)null, 1), (made.Name, made.Organization, made.Environment, made.Version));
        Assert.Equal(["password", "user"], made.Keys);
        var values = await server.Admin.RevealSecretAsync("default", "db", cancellationToken: Cancellation);
        Assert.Equal(("db", 1, "hunter2", "kim"), (values.Name, values.Version, values.Values["password"], values.Values["user"]));
        Assert.Equal(2, values.Values.Count);
        await server.Admin.PutSecretAsync("default", "token", new PutSecretRequest { Value = "t" }, cancellationToken: Cancellation);
        var list = await server.Admin.ListSecretsAsync("default", cancellationToken: Cancellation);
        Assert.Equal(["db", "token"], list.Items.Select(secret => secret.Name));
        Assert.Equal([PutSecretRequest.SingleKey], list.Items[1].Keys);
        await server.Admin.DeleteSecretAsync("default", "db", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => server.Admin.GetSecretAsync("default", "db", cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => server.Admin.RevealSecretAsync("default", "db", cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => server.Admin.DeleteSecretAsync("default", "db", cancellationToken: Cancellation));
        Assert.Equal(1, await server.QueryAsync(context => context.SecretVersions.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task EachWriteIsAVersion_AndEarlierOnesCanBeRead()
    {
        await using var server = await ServerFixture.StartAsync();
        await PutAsync(server, "db", ("password", "one"));
        await PutAsync(server, "db", ("password", "two"), ("port", "5432"));
        var secret = await server.Admin.GetSecretAsync("default", "db", cancellationToken: Cancellation);
        Assert.Equal(2, secret.Version);
        Assert.Equal([2, 1], secret.Versions!.Select(version => version.Version));
        Assert.Equal(["password", "port"], secret.Versions![0].Keys);
        Assert.Equal(["password"], secret.Versions[1].Keys);
        Assert.All(secret.Versions, version => Assert.Equal("admin", version.CreatedBy));
        Assert.Equal("one", (await server.Admin.RevealSecretAsync("default", "db", 1, cancellationToken: Cancellation)).Values["password"]);
        Assert.Equal("two", (await server.Admin.RevealSecretAsync("default", "db", cancellationToken: Cancellation)).Values["password"]);
        var problem = await Expect.ProblemAsync(ErrorCode.NotFound, () => server.Admin.RevealSecretAsync("default", "db", 3, cancellationToken: Cancellation));
        Assert.Contains("the newest is 2", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfMoreThan100VersionsTheOldestGo()
    {
        await using var server = await ServerFixture.StartAsync();
        for (var number = 1; number <= PutSecretRequest.MaxVersions + 2; number++)
            await PutAsync(server, "db", ("n", $"{number}"));
        var versions = (await server.Admin.GetSecretAsync("default", "db", cancellationToken: Cancellation)).Versions!;
        Assert.Equal(Enumerable.Range(3, PutSecretRequest.MaxVersions).Reverse(), versions.Select(version => version.Version));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => server.Admin.RevealSecretAsync("default", "db", 2, cancellationToken: Cancellation));
        Assert.Equal("3", (await server.Admin.RevealSecretAsync("default", "db", 3, cancellationToken: Cancellation)).Values["n"]);
    }

    [Fact]
    public async Task AnEnvironmentHasSecretsOfItsOwn()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateEnvironmentAsync("default", "staging", Cancellation);
        await PutAsync(server, "db", ("p", "everywhere"));
        await server.Admin.PutSecretAsync("default", "db", new PutSecretRequest { Value = "here" }, "staging", Cancellation);
        Assert.Equal("everywhere", (await server.Admin.RevealSecretAsync("default", "db", cancellationToken: Cancellation)).Values["p"]);
        var own = await server.Admin.RevealSecretAsync("default", "db", environment: "staging", cancellationToken: Cancellation);
        Assert.Equal(("here", "staging"), (own.Values[PutSecretRequest.SingleKey], own.Environment));
        Assert.Equal([null, "staging"], (await server.Admin.ListSecretsAsync("default", cancellationToken: Cancellation)).Items.Select(s => s.Environment));
        Assert.Equal(["staging"], (await server.Admin.ListSecretsAsync("default", "staging", Cancellation)).Items.Select(s => s.Environment));
        var problem = await Expect.ProblemAsync(ErrorCode.NotFound, () => PutInAsync(server, "stagin"));
        Assert.Contains("no environment \"stagin\"", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("Did you mean staging?", problem.Hint, StringComparison.Ordinal);
        await server.Admin.DeleteSecretAsync("default", "db", "staging", Cancellation);
        Assert.Single((await server.Admin.ListSecretsAsync("default", cancellationToken: Cancellation)).Items);

        static Task PutInAsync(ServerFixture server, string environment) =>
            server.Admin.PutSecretAsync("default", "db", new PutSecretRequest { Value = "x" }, environment, Cancellation);
    }

    [Fact]
    public async Task WhoReadAndWroteWhichVersionIsRecorded_WithoutAnyValue()
    {
        await using var server = await ServerFixture.StartAsync();
        await PutAsync(server, "db", ("password", "hunter2-in-no-record"));
        await PutAsync(server, "db", ("password", "hunter3-in-no-record"));
        await server.Admin.RevealSecretAsync("default", "db", 1, cancellationToken: Cancellation);
        var records = await server.QueryAsync(context => context.AuditRecords.Where(record => record.Resource == "secret/db")
            .OrderBy(record => record.Sequence).ToListAsync(Cancellation));
        Assert.Equal(
            [(AuditAction.PutSecret, "version 1"), (AuditAction.PutSecret, "version 2"), (AuditAction.RevealSecret, "version 1")],
            records.Select(record => (record.Action, record.Detail)));
        Assert.DoesNotContain("in-no-record", server.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            await server.QueryAsync(context => context.AuditRecords.Select(record => record.Detail + record.Resource).ToListAsync(Cancellation)),
            text => text.Contains("in-no-record", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AViewerSeesNamesAndNoValues_AndTheTryIsRecorded()
    {
        await using var server = await ServerFixture.StartAsync();
        await PutAsync(server, "db", ("password", "hunter2"));
        var kim = server.Client(await server.AddUserAsync("kim", await server.DefaultOrganizationIdAsync(), RoleName.Viewer));
        Assert.Equal(["password"], (await kim.GetSecretAsync("default", "db", cancellationToken: Cancellation)).Keys);
        await Expect.ProblemAsync(ErrorCode.PermissionDenied, () => kim.RevealSecretAsync("default", "db", cancellationToken: Cancellation));
        Assert.Equal(AuditOutcome.Denied, await server.QueryAsync(context => context.AuditRecords
            .Where(record => record.Action == AuditAction.RevealSecret).Select(record => record.Outcome).SingleAsync(Cancellation)));
    }

    [Fact]
    public async Task ManyWritersOfOneSecretGetVersionsOfTheirOwn()
    {
        await using var server = await ServerFixture.StartAsync();
        var written = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => PutAsync(server, "db", ("n", $"{number}"))));
        Assert.Equal(Enumerable.Range(1, 20), written.Select(secret => secret.Version).Order());
        Assert.Single((await server.Admin.ListSecretsAsync("default", cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task AnOrganizationThatHasSecretsIsNotDeleted()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await server.Admin.CreateEnvironmentAsync("acme", "staging", Cancellation);
        await server.Admin.PutSecretAsync("acme", "db", new PutSecretRequest { Value = "x" }, "staging", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => server.Admin.DeleteOrganizationAsync("acme", Cancellation));
        Assert.Contains("1 secret(s)", problem.Detail, StringComparison.Ordinal);
        await server.Admin.DeleteSecretAsync("acme", "db", "staging", Cancellation);
        await server.Admin.DeleteOrganizationAsync("acme", Cancellation);
        Assert.Equal(0, await server.QueryAsync(context => context.DataKeys.CountAsync(Cancellation)));
    }

    private static Task<Secret> PutAsync(ServerFixture server, string name, params (string Key, string Value)[] values) =>
        server.Admin.PutSecretAsync(
            "default", name, new PutSecretRequest { Values = values.ToDictionary(pair => pair.Key, pair => pair.Value) }, cancellationToken: Cancellation);
}
