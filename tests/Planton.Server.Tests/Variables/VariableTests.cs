using System.Text;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Variables;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Variables;

public sealed class VariableTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AVariableIsWrittenReadListedAndDeleted_InVersions()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.PutVariableAsync("default", "region", "eu-west-1", cancellationToken: Cancellation);
        var second = await server.Admin.PutVariableAsync("default", "region", "", cancellationToken: Cancellation);
        Assert.Equal(("region", "default", 2, ""), (second.Name, second.Organization, second.Version, second.Value));
        var read = await server.Admin.GetVariableAsync("default", "region", cancellationToken: Cancellation);
        Assert.Equal([(2, "", "admin"), (1, "eu-west-1", "admin")], read.Versions!.Select(version => (version.Version, version.Value, version.CreatedBy)));
        await server.Admin.PutVariableAsync("default", "account", "1234", cancellationToken: Cancellation);
        Assert.Equal(
            [("account", "1234"), ("region", "")],
            (await server.Admin.ListVariablesAsync("default", cancellationToken: Cancellation)).Items.Select(variable => (variable.Name, variable.Value)));
        await server.Admin.DeleteVariableAsync("default", "region", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => server.Admin.GetVariableAsync("default", "region", cancellationToken: Cancellation));
        var problem = await Expect.ProblemAsync(
            ErrorCode.NotFound, () => server.Admin.DeleteVariableAsync("default", "acount", cancellationToken: Cancellation));
        Assert.Contains("Did you mean account?", problem.Hint, StringComparison.Ordinal);
        Assert.Equal(
            [AuditAction.PutVariable, AuditAction.PutVariable, AuditAction.DeleteVariable],
            await server.QueryAsync(context => context.AuditRecords.Where(record => record.Resource == "variable/region")
                .OrderBy(record => record.Sequence).Select(record => record.Action).ToListAsync(Cancellation)));
    }

    [Fact]
    public async Task AnEnvironmentHasVariablesOfItsOwn()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateEnvironmentAsync("default", "staging", Cancellation);
        await server.Admin.PutVariableAsync("default", "region", "eu", cancellationToken: Cancellation);
        await server.Admin.PutVariableAsync("default", "region", "us", "staging", Cancellation);
        Assert.Equal("eu", (await server.Admin.GetVariableAsync("default", "region", cancellationToken: Cancellation)).Value);
        Assert.Equal("us", (await server.Admin.GetVariableAsync("default", "region", "staging", Cancellation)).Value);
        Assert.Equal(
            [(null, "eu"), ("staging", "us")],
            (await server.Admin.ListVariablesAsync("default", cancellationToken: Cancellation)).Items.Select(variable => (variable.Environment, variable.Value)));
        Assert.Equal("us", Assert.Single((await server.Admin.ListVariablesAsync("default", "staging", Cancellation)).Items).Value);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => server.Admin.PutVariableAsync("default", "region", "x", "nowhere", Cancellation));
        await server.Admin.DeleteVariableAsync("default", "region", "staging", Cancellation);
        Assert.Equal("eu", (await server.Admin.GetVariableAsync("default", "region", cancellationToken: Cancellation)).Value);
    }

    [Fact]
    public async Task LimitsHold()
    {
        await using var server = await ServerFixture.StartAsync();
        var largest = new string('ü', PutVariableRequest.MaxBytes / 2);
        Assert.Equal(PutVariableRequest.MaxBytes, Encoding.UTF8.GetByteCount(largest));
        await server.Admin.PutVariableAsync("default", "v", largest, cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => server.Admin.PutVariableAsync("default", "v", largest + "x", cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => server.Admin.PutVariableAsync("default", "v", null!, cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => server.Admin.PutVariableAsync("default", "v", "a\0b", cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => server.Admin.PutVariableAsync("default", "No-Slug", "a", cancellationToken: Cancellation));
        for (var number = 2; number <= PutVariableRequest.MaxVersions + 1; number++)
            await server.Admin.PutVariableAsync("default", "v", $"{number}", cancellationToken: Cancellation);
        var versions = (await server.Admin.GetVariableAsync("default", "v", cancellationToken: Cancellation)).Versions!;
        Assert.Equal((PutVariableRequest.MaxVersions, 2), (versions.Count, versions[^1].Version));
    }

    [Fact]
    public async Task AnOrganizationThatHasVariablesIsNotDeleted()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await server.Admin.PutVariableAsync("acme", "v", "x", cancellationToken: Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => server.Admin.DeleteOrganizationAsync("acme", Cancellation));
        Assert.Contains("1 variable(s)", problem.Detail, StringComparison.Ordinal);
        await server.Admin.DeleteVariableAsync("acme", "v", cancellationToken: Cancellation);
        await server.Admin.DeleteOrganizationAsync("acme", Cancellation);
    }
}
