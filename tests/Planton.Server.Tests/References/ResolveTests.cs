using Microsoft.EntityFrameworkCore;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Api.References;
using Planton.Api.Secrets;
using Planton.Server.Audit;
using Planton.Server.References;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.References;

public sealed class ResolveTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARunnerReadsSecretsAndVariablesOfItsOrganization()
    {
        await using var server = await StoredAsync();
        var runner = await RunnerAsync(server, "default");
        var values = await ResolveAsync(runner, null, "$secret/token", "$secret/db/user", "$secret/db/value", "$secret/db", "$var/region", "$var/region");
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["$secret/token"] = "t", ["$secret/db/user"] = "kim", ["$secret/db/value"] = "v", ["$secret/db"] = "v", ["$var/region"] = "eu",
            },
            values);
    }

    [Fact]
    public async Task TheEnvironmentsOwnComeBeforeTheOrganizations()
    {
        await using var server = await StoredAsync();
        await server.Admin.CreateEnvironmentAsync("default", "staging", Cancellation);
        await server.Admin.PutSecretAsync("default", "token", new PutSecretRequest { Value = "staging's" }, "staging", Cancellation);
        var runner = await RunnerAsync(server, "default");
        Assert.Equal("staging's", (await ResolveAsync(runner, "staging", "$secret/token"))["$secret/token"]);
        Assert.Equal("t", (await ResolveAsync(runner, null, "$secret/token"))["$secret/token"]);
        Assert.Equal("eu", (await ResolveAsync(runner, "staging", "$var/region"))["$var/region"]);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => ResolveAsync(runner, "nowhere", "$var/region"));
        var resources = await server.QueryAsync(context => context.AuditRecords.Where(record => record.Action == AuditAction.Resolve)
            .OrderBy(record => record.Sequence).Select(record => record.Resource).ToListAsync(Cancellation));
        Assert.Equal(["environment/staging/secret/token", "secret/token", "variable/region"], resources);
    }

    [Fact]
    public async Task ItReadsNothingOfAnotherOrganization()
    {
        await using var server = await StoredAsync();
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await server.Admin.PutSecretAsync("acme", "theirs", new PutSecretRequest { Value = "x" }, cancellationToken: Cancellation);
        var runner = await RunnerAsync(server, "default");
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => runner.ResolveAsync("acme", Of("$secret/theirs"), Cancellation));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => ResolveAsync(runner, null, "$secret/theirs"));
        var shared = server.Client((await server.Admin.GenerateCredentialsAsync(null, "shared", Cancellation)).Credentials.ApiKey!);
        await Expect.ProblemAsync(ErrorCode.OrganizationNotFound, () => ResolveAsync(shared, null, "$var/region"));
    }

    [Fact]
    public async Task EachSecretAndVariableThatIsReadIsRecordedOnce_WithItsReaderAndVersion()
    {
        await using var server = await StoredAsync();
        var runner = await RunnerAsync(server, "default");
        await ResolveAsync(runner, null, "$secret/db/user", "$secret/db/value", "$var/region");
        var records = await server.QueryAsync(context => context.AuditRecords.Where(record => record.Action == AuditAction.Resolve)
            .OrderBy(record => record.Sequence).ToListAsync(Cancellation));
        Assert.Equal([("secret/db", "version 2"), ("variable/region", "version 1")], records.Select(record => (record.Resource, record.Detail)));
        Assert.All(records, record => Assert.Equal(("service-account", AuditOutcome.Allowed), (record.ActorKind, record.Outcome)));
        Assert.Single(records.Select(record => record.OperationId).Distinct());
    }

    [Fact]
    public async Task WhatIsMissingIsToldAtOnce_AndNothingIsReadOrRecorded()
    {
        await using var server = await StoredAsync();
        var problem = await Expect.ProblemAsync(
            ErrorCode.NotFound, () => ResolveAsync(server.Admin, null, "$var/region", "$secret/none", "$secret/db/none", "$secret/pair", "$var/none"));
        foreach (var fault in new[]
        {
            "cannot resolve 4 of 5", "$secret/none: there is no such secret", "$secret/db/none: the secret has no such key",
            "$secret/pair: it has 2 keys; name one: $secret/pair/KEY", "$var/none: there is no such variable",
        })
            Assert.Contains(fault, problem.Detail, StringComparison.Ordinal);
        Assert.Equal(0, await server.QueryAsync(context => context.AuditRecords.CountAsync(record => record.Action == AuditAction.Resolve, Cancellation)));
    }

    [Fact]
    public async Task WhatIsNoReferenceIsNamedByItsPlace_AndNotRepeated()
    {
        await using var server = await StoredAsync();
        var problem = await Expect.ProblemAsync(
            ErrorCode.InvalidArgument, () => ResolveAsync(server.Admin, null, "$var/region", "hunter2", "$secret/", "$secret/DB", "$var/a/b", "$secret/a/b/c", null!));
        Assert.Equal(Enumerable.Range(1, 6).Select(index => $"references[{index}]"), problem.Errors!.Keys.Order());
        Assert.DoesNotContain("hunter2", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HowMuchIsAskedForAtOnceIsBounded()
    {
        await using var server = await StoredAsync();
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => ResolveAsync(server.Admin, null));
        var many = Enumerable.Range(0, ResolveRequest.MaxReferences + 1).Select(number => $"$var/v{number}").ToArray();
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => ResolveAsync(server.Admin, null, many));
        var megabyte = new string('x', PutSecretRequest.MaxBytes - PutSecretRequest.SingleKey.Length);
        var large = (ReferenceResolver.MaxBytes / megabyte.Length) + 1;
        for (var number = 0; number < large; number++)
            await server.Admin.PutSecretAsync("default", $"s{number}", new PutSecretRequest { Value = megabyte }, cancellationToken: Cancellation);
        var all = Enumerable.Range(0, large).Select(number => $"$secret/s{number}").ToArray();
        Assert.Contains("fewer", (await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => ResolveAsync(server.Admin, null, all))).Hint, StringComparison.Ordinal);
        Assert.Equal(large - 2, (await ResolveAsync(server.Admin, null, all[2..])).Count);
    }

    private static async Task<ServerFixture> StoredAsync()
    {
        var server = await ServerFixture.StartAsync();
        await server.Admin.PutSecretAsync("default", "token", new PutSecretRequest { Value = "t" }, cancellationToken: Cancellation);
        foreach (var user in new[] { "old", "kim" })
            await PutAsync(server, "db", ("user", user), ("value", "v"));
        await PutAsync(server, "pair", ("a", "1"), ("b", "2"));
        await server.Admin.PutVariableAsync("default", "region", "eu", cancellationToken: Cancellation);
        return server;
    }

    private static Task<Secret> PutAsync(ServerFixture server, string name, params (string Key, string Value)[] values) => server.Admin.PutSecretAsync(
        "default", name, new PutSecretRequest { Values = values.ToDictionary(pair => pair.Key, pair => pair.Value) }, cancellationToken: Cancellation);

    private static async Task<PlantonApiClient> RunnerAsync(ServerFixture server, string organization) =>
        server.Client((await server.Admin.GenerateCredentialsAsync(organization, "prod", Cancellation)).Credentials.ApiKey!);

    private static async Task<IReadOnlyDictionary<string, string>> ResolveAsync(PlantonApiClient client, string? environment, params string[] references) =>
        (await client.ResolveAsync("default", Of(references) with { Environment = environment }, Cancellation)).Values;

    private static ResolveRequest Of(params string[] references) => new() { References = references };
}
