using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Members;

/// <summary><c>planton member list</c></summary>
internal sealed class MemberListCommand : OrganizationVerb
{
    private readonly Option<string> _output = OutputOption.Create();

    public MemberListCommand(VerbServices services)
        : base("list", "List the users of the organization and their roles", services)
    {
        Options.Add(_output);
        Examples = ["planton member list", "planton member list -o json"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var list = await session.Api.ListMembersAsync(session.Organization, cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            list,
            CliJson.Readable.ListResponseMember,
            output => MemberCommand.WriteTable(output, list.Items ?? []),
            (list.Items ?? []).Select(member => $"member/{member.User}"));
    }
}
