using System.CommandLine;
using Planton.Api.Members;
using Planton.Cli.Completions;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Members;

internal static class MemberCommand
{
    public static Command Create(VerbServices services) => new("member", "Manage who belongs to the organization, and as what")
    {
        new MemberListCommand(services),
        new MemberSetCommand(services),
        new MemberRemoveCommand(services),
        new MemberLeaveCommand(services),
    };

    public static Argument<string> UserArgument() => NameCompletion.Offer(new Argument<string>("USER") { Description = "The user's name" }, NameKind.Member);

    public static void WriteTable(TextWriter output, IEnumerable<Member> members)
    {
        var table = new TextTable("USER", "ROLE", "USER ID");
        foreach (var member in members)
            table.Add(member.User, member.Role, member.UserId);
        table.Write(output);
    }
}
