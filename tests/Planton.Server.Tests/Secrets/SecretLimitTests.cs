using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Api.References;
using Planton.Api.Secrets;
using Planton.Server.Authorization;
using Planton.Server.Secrets;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Secrets;

public sealed class SecretLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASecretOfTheLargestSizeIsTaken_AndOneByteMoreIsNot()
    {
        await using var server = await ServerFixture.StartAsync();
        // The worst that JSON makes of a byte is six.
        var largest = new string('\u0001', PutSecretRequest.MaxBytes - PutSecretRequest.SingleKey.Length);
        await PutAsync(server, new PutSecretRequest { Value = largest });
        Assert.Equal(largest, (await server.Admin.RevealSecretAsync("default", "db", cancellationToken: Cancellation)).Values[PutSecretRequest.SingleKey]);
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => PutAsync(server, new PutSecretRequest { Value = largest + "x" }));
        Assert.Contains("1024 KiB", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABodyLargerThanAnySecretIsCutOff()
    {
        await using var server = await ServerFixture.StartAsync();
        // The client waits for leave to send the body: else it is still writing when the server closes, and may see that alone.
        using var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(30) }) { BaseAddress = server.Url };
        client.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(server.AdminKey);
        client.DefaultRequestHeaders.ExpectContinue = true;
        using var content = new ByteArrayContent(new byte[8 * 1024 * 1024]) { Headers = { ContentType = new("application/json") } };
        using var response = await client.PutAsync("api/v1/organizations/default/secrets/db", content, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { """{}""", "give either values or value" },
        { """{"value":"in-no-answer","values":{"a":"b"}}""", "give either values or value" },
        { """{"values":{}}""", "1 to 256 keys" },
        { """{"values":{"in-no-answer\n":"b"}}""", "a key must be" },
        { """{"values":{"":"in-no-answer"}}""", "a key must be" },
        { """{"values":{"a":null}}""", "a value is null" },
        { """{"value":{"in-no-answer":1}}""", "not the JSON" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task WhatIsWrongIsSaid_WithoutRepeatingIt(string body, string expected)
    {
        await using var server = await ServerFixture.StartAsync();
        using var client = server.HttpClient(server.AdminKey);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PutAsync("api/v1/organizations/default/secrets/db", content, Cancellation);
        var answer = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(expected, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("in-no-answer", answer + server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyTooManyAndAKeyTooLongAreRefused()
    {
        await using var server = await ServerFixture.StartAsync();
        var keys = Enumerable.Range(0, SecretRequestValidator.MaxKeys).ToDictionary(number => $"k{number}", _ => "v");
        await PutAsync(server, new PutSecretRequest { Values = keys });
        keys["one-more"] = "v";
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => PutAsync(server, new PutSecretRequest { Values = keys }));
        var longest = new string('k', SecretRequestValidator.MaxKeyLength);
        await PutAsync(server, new PutSecretRequest { Values = new Dictionary<string, string> { [longest] = "v" } });
        await Expect.ProblemAsync(
            ErrorCode.InvalidArgument, () => PutAsync(server, new PutSecretRequest { Values = new Dictionary<string, string> { [longest + "k"] = "v" } }));
    }

    [Fact]
    public async Task WhoReadsTooFastGets429WithRetryAfter_AndOthersAreNotHeldUp()
    {
        await using var server = await LimitedAsync(3);
        await PutAsync(server, new PutSecretRequest { Value = "x" });
        for (var number = 0; number < 3; number++)
            await server.Admin.RevealSecretAsync("default", "db", cancellationToken: Cancellation);
        await Expect.ProblemAsync(ErrorCode.RateLimited, () => server.Admin.RevealSecretAsync("default", "db", cancellationToken: Cancellation));
        using var client = server.HttpClient(server.AdminKey);
        using var response = await client.PostAsync("api/v1/organizations/default/secrets/db/reveal", null, Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalHours, 1, 4);
        var kim = server.Client(await server.AddUserAsync("kim", await server.DefaultOrganizationIdAsync(), RoleName.Member));
        await kim.RevealSecretAsync("default", "db", cancellationToken: Cancellation);
        // Writing and looking are not reading.
        await server.Admin.GetSecretAsync("default", "db", cancellationToken: Cancellation);
        await PutAsync(server, new PutSecretRequest { Value = "y" });
    }

    [Fact]
    public async Task ReferencesCountByTheSecretsTheyRead()
    {
        await using var server = await LimitedAsync(4);
        await server.Admin.PutVariableAsync("default", "region", "eu", cancellationToken: Cancellation);
        foreach (var name in new[] { "a", "b" })
            await server.Admin.PutSecretAsync("default", name, new PutSecretRequest { Value = "x" }, cancellationToken: Cancellation);
        await ResolveAsync("$secret/a", "$secret/a/value", "$secret/b", "$var/region");
        await ResolveAsync("$secret/a", "$secret/b");
        await Expect.ProblemAsync(ErrorCode.RateLimited, () => ResolveAsync("$secret/a"));

        Task ResolveAsync(params string[] references) =>
            server.Admin.ResolveAsync("default", new ResolveRequest { References = references }, Cancellation);
    }

    // Filled up again so late that no test sees it.
    private static Task<ServerFixture> LimitedAsync(int burst) => ServerFixture.StartAsync(configure: builder =>
        builder.Services.AddSingleton(new SecretReadOptions { Burst = burst, PerPeriod = 1, Period = TimeSpan.FromHours(2) }));

    private static Task<Secret> PutAsync(ServerFixture server, PutSecretRequest request) =>
        server.Admin.PutSecretAsync("default", "db", request, cancellationToken: Cancellation);
}
