using Planton.Api;
using Planton.Api.Errors;
using Planton.Api.Organizations;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Organizations;

public sealed class OrganizationTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task WhenOneIsMade_ItsNameIsSentAndTheAnswerPrinted()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("POST", "/api/v1/organizations", Samples.Organization("acme"));

        var result = await _cli.Using(server).RunAsync("org", "create", "acme", "-o", "name");

        Assert.Equal((0, "organization/acme\n"), (result.ExitCode, result.Out));
        Assert.Equal("""{"name":"acme"}""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task WhenListed_EveryFormatShowsThem()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.On("GET", "/api/v1/organizations", new ListResponse<Organization>([Samples.Organization("acme"), Samples.Organization("beta")]));
        _cli.Using(server);

        var table = await _cli.RunAsync("org", "list");
        var json = await _cli.RunAsync("org", "list", "-o", "json");
        var yaml = await _cli.RunAsync("org", "list", "-o", "yaml");
        var names = await _cli.RunAsync("org", "list", "-o", "name");

        Assert.Equal(
            """
            NAME   ID        CREATED
            acme   id-acme   2026-03-01T05:06:07Z
            beta   id-beta   2026-03-01T05:06:07Z

            """,
            table.Out);
        Assert.Equal(
            """
            {
              "items": [
                {
                  "id": "id-acme",
                  "name": "acme",
                  "createdAt": "2026-03-01T05:06:07+00:00"
                },
                {
                  "id": "id-beta",
                  "name": "beta",
                  "createdAt": "2026-03-01T05:06:07+00:00"
                }
              ]
            }

            """,
            json.Out);
        Assert.Equal(
            """
            items:
            - id: id-acme
              name: acme
              createdAt: "2026-03-01T05:06:07+00:00"
            - id: id-beta
              name: beta
              createdAt: "2026-03-01T05:06:07+00:00"

            """,
            yaml.Out);
        Assert.Equal("organization/acme\norganization/beta\n", names.Out);
    }

    [Fact]
    public async Task WhenThereIsNone_TheErrorAndItsHintAreShown()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnProblem("GET", "/api/v1/organizations/nosuch", ErrorCode.OrganizationNotFound, "there is no organization nosuch", "planton org list");

        var result = await _cli.Using(server).RunAsync("org", "get", "nosuch");

        Assert.Equal(3, result.ExitCode);
        Assert.Equal("", result.Out);
        Assert.Equal("Error: there is no organization nosuch\nHint: planton org list\n", result.Error);
    }

    [Fact]
    public async Task WhenNobodyCanConfirm_NothingIsDeleted()
    {
        await using var server = await FakeControlPlane.StartAsync();

        var result = await _cli.Using(server).RunAsync("org", "delete", "acme");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Add --yes.", result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("y\n", 0, 1)]
    [InlineData("n\n", 1, 0)]
    [InlineData("\n", 1, 0)]
    public async Task WhenAsked_OnlyYesDeletes(string answer, int exitCode, int requests)
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnJson("DELETE", "/api/v1/organizations/acme", "", 204);
        _cli.Interactive = true;
        _cli.Input = answer;

        var result = await _cli.Using(server).RunAsync("org", "delete", "acme");

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(requests, server.Requests.Count);
        Assert.StartsWith("Its memberships, service accounts with their keys, and environments go with it.", result.Error, StringComparison.Ordinal);
        Assert.Contains("\nDelete organization acme? [y/N] ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenConfirmedOnTheCommandLine_ItIsDeleted()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.OnJson("DELETE", "/api/v1/organizations/acme", "", 204);

        var result = await _cli.Using(server).RunAsync("org", "delete", "acme", "--yes");

        Assert.Equal((0, "Deleted organization acme.\n"), (result.ExitCode, result.Error));
    }

    public void Dispose() => _cli.Dispose();
}
