using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.References;
using Planton.Runner.Credentials;
using Planton.Runner.Logging;
using Planton.Runner.Network;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Providers.Kubernetes.References;
using Planton.Runner.Startup;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing.Network;

namespace Planton.Runner.Tests;

/// <summary>Asking a real HTTPS server for the values of references: it answers well, refuses, or is none.</summary>
public sealed class ControlPlaneReferencesTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task TheRunnersOwnKeyAsks_ForItsOrganization_InTheEnvironment()
    {
        ResolveRequest? asked = null;
        await using var api = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            asked = await JsonSerializer.DeserializeAsync(context.Request.Body, PlantonJson.Default.ResolveRequest, context.RequestAborted);
            await WriteAsync(context, 200, """{"values":{"$secret/a":"the-value","$var/b":"other"}}""");
        });

        var values = await ResolveAsync(api.Url, "staging", "$secret/a", "$var/b");

        Assert.Equal("the-value", values.Value!["$secret/a"]);
        Assert.Equal(["$secret/a", "$var/b"], asked!.References!);
        Assert.Equal("staging", asked.Environment);
        var seen = api.Seen.Single();
        Assert.Equal(("POST", "/api/v1/organizations/acme/resolve", $"Bearer {TestCredentials.ApiKey}"), (seen.Method, seen.RawTarget, seen.Header("Authorization")));
    }

    [Theory]
    [InlineData(404, ErrorCode.NotFound, "organization \"acme\" cannot resolve 1 of 1 reference(s): $secret/a: there is no such secret", "See what there is")]
    [InlineData(429, ErrorCode.RateLimited, "runner-prod reads secrets faster than is allowed", "Wait")]
    [InlineData(403, ErrorCode.PermissionDenied, "runner-prod may not read the values of secrets", null)]
    [InlineData(401, ErrorCode.Unauthenticated, "this API key was revoked", null)]
    public async Task ARefusal_IsPassedOnWithItsReasonAndWhatMendsIt(int status, string code, string detail, string? hint)
    {
        await using var api = await TestTarget.StartAsync(_authority.Server(), context => WriteAsync(
            context, status, JsonSerializer.Serialize(new Problem { Status = status, Code = code, Detail = detail, Hint = hint }, PlantonJson.Default.Problem)));

        var fault = (await ResolveAsync(api.Url, null, "$secret/a")).Fault!;

        Assert.Equal((NetworkStage.Configuration, $"$secret/a of context 'x' cannot be resolved: {detail}", hint ?? ""), (fault.Stage, fault.What, fault.Advice));
    }

    [Theory]
    [InlineData("<html>", "is not the API of a control plane")]
    [InlineData("{\"values\":{\"$secret/other\":\"a-value\"}}", "answered without it")]
    [InlineData("{\"values\":{}}", "answered without it")]
    [InlineData("{}", "answered without it")]
    public async Task AnAnswerOfSomethingElse_IsSaid_AndNeverQuoted(string answer, string expected)
    {
        await using var api = await TestTarget.StartAsync(_authority.Server(), context => WriteAsync(context, 200, answer));

        var fault = (await ResolveAsync(api.Url, null, "$secret/a")).Fault!;

        Assert.Contains(expected, fault.What, StringComparison.Ordinal);
        Assert.DoesNotContain("a-value", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAControlPlane_ItIsSaidWhatFailed()
    {
        var fault = (await ResolveAsync($"https://127.0.0.1:{FreePort.Find()}", null, "$secret/a")).Fault!;

        Assert.Contains("$secret/a of context 'x' cannot be resolved: the control plane could not be asked: 127.0.0.1:", fault.What, StringComparison.Ordinal);
        Assert.Contains("refused the connection", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunnerOfThePlatform_AsksNobody()
    {
        await using var api = await TestTarget.StartAsync(_authority.Server());

        var fault = (await ResolveAsync(new TestCredentials(_authority) { ControlPlane = api.Url, Spiffe = TestIdentity.OfPlatform.ToString() }, null, "$secret/a")).Fault!;

        Assert.Contains("a runner of the platform belongs to no organization", fault.What, StringComparison.Ordinal);
        Assert.Empty(api.Seen);
    }

    private Task<TargetAttempt<IReadOnlyDictionary<string, string>>> ResolveAsync(string url, string? environment, params string[] references) =>
        ResolveAsync(new TestCredentials(_authority) { ControlPlane = url }, environment, references);

    private static async Task<TargetAttempt<IReadOnlyDictionary<string, string>>> ResolveAsync(
        TestCredentials credentials, string? environment, params string[] references)
    {
        var (masker, document) = (new SecretMasker(), credentials.Document());
        if (credentials.Spiffe == TestIdentity.OfPlatform.ToString())
            document = document with { Metadata = document.Metadata! with { Organization = null } };
        var json = TestCredentials.Json(document);
        var locator = new CredentialsLocator(name => name == CredentialsLocator.JsonVariable ? json : null);
        using var loaded = new CredentialsLoader(locator, masker, TimeProvider.System).Load(new CredentialsRequest()).Value!;
        using var client = new ControlPlaneClient(loaded, EgressProxy.FromEnvironment(_ => null, masker).Value!);
        return await new ControlPlaneReferences(client, loaded).ResolveAsync(references, environment, "context 'x'", Cancel);
    }

    private static async Task WriteAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status == 200 ? "application/json" : "application/problem+json";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
    }
}
