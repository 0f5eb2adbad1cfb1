using System.CommandLine;
using Planton.Cli.ApiKeys;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.ServiceAccounts;

/// <summary><c>planton service-account key create</c></summary>
internal sealed class ServiceAccountKeyCreateCommand : OrganizationVerb
{
    private readonly Argument<string> _name = ServiceAccountCommand.NameArgument();
    private readonly Option<TimeSpan?> _expiry = ApiKeyOutput.ExpiryOption();
    private readonly Option<string> _output = ApiKeyOutput.NewKeyOption();

    public ServiceAccountKeyCreateCommand(VerbServices services)
        : base("create", "Make a key for a service account, and print it", services)
    {
        Arguments.Add(_name);
        Options.Add(_expiry);
        Options.Add(_output);
        Examples = ["planton service-account key create ci --expires-in 90d > key-file", "PLANTON_API_KEY=$(planton service-account key create ci) planton auth who"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var answer = await session.Api.CreateServiceAccountKeyAsync(session.Organization, name, context.Parsed.GetValue(_expiry), cancellationToken).ConfigureAwait(false);
        return ApiKeyOutput.PrintNew(
            context, context.Parsed.GetValue(_output), answer, CliJson.Readable.CreateApiKeyResponse, answer.ApiKey, answer.Key, $"service account {name}");
    }
}
