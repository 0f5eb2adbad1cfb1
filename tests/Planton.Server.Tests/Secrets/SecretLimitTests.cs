using System.Net;
using System.Text;
using Planton.Api.Client;
using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Server.Secrets;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Secrets;

public abstract class SecretLimitTests(SharedServer shared) : SharedServerTest(shared)
{
    [Fact]
    public async Task ASecretOfTheLargestSizeIsTaken_AndOneByteMoreIsNot()
    {
        // The worst that JSON makes of a byte is six.
        var largest = new string('\u0001', PutSecretRequest.MaxBytes - PutSecretRequest.SingleKey.Length);
        await PutAsync(new PutSecretRequest { Value = largest });
        Assert.Equal(largest, (await Admin.RevealSecretAsync(Org, "db", cancellationToken: Cancellation)).Values[PutSecretRequest.SingleKey]);
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => PutAsync(new PutSecretRequest { Value = largest + "x" }));
        Assert.Contains("1024 KiB", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABodyLargerThanAnySecretIsCutOff()
    {
        // The client waits for leave to send the body: else it is still writing when the server closes, and may see that alone.
        using var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(30) }) { BaseAddress = Server.Url };
        client.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(Server.AdminKey);
        client.DefaultRequestHeaders.ExpectContinue = true;
        using var content = new ByteArrayContent(new byte[8 * 1024 * 1024]) { Headers = { ContentType = new("application/json") } };
        using var response = await client.PutAsync($"api/v1/organizations/{Org}/secrets/db", content, Cancellation);
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
        using var client = Server.HttpClient(Server.AdminKey);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PutAsync($"api/v1/organizations/{Org}/secrets/db", content, Cancellation);
        var answer = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(expected, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("in-no-answer", answer + Server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyTooManyAndAKeyTooLongAreRefused()
    {
        var keys = Enumerable.Range(0, SecretRequestValidator.MaxKeys).ToDictionary(number => $"k{number}", _ => "v");
        await PutAsync(new PutSecretRequest { Values = keys });
        keys["one-more"] = "v";
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => PutAsync(new PutSecretRequest { Values = keys }));
        var longest = new string('k', SecretRequestValidator.MaxKeyLength);
        await PutAsync(new PutSecretRequest { Values = new Dictionary<string, string> { [longest] = "v" } });
        await Expect.ProblemAsync(
            ErrorCode.InvalidArgument, () => PutAsync(new PutSecretRequest { Values = new Dictionary<string, string> { [longest + "k"] = "v" } }));
    }

    private Task<Secret> PutAsync(PutSecretRequest request) => Admin.PutSecretAsync(Org, "db", request, cancellationToken: Cancellation);
}

public sealed class SecretLimitTestsOnSqlite(OnSqlite shared) : SecretLimitTests(shared), IClassFixture<OnSqlite>;

public sealed class SecretLimitTestsOnPostgreSql(OnPostgreSql shared) : SecretLimitTests(shared), IClassFixture<OnPostgreSql>;
