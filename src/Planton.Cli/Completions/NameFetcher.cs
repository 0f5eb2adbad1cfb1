using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Planton.Api.Client;
using Planton.Cli.Configuration;
using Planton.Cli.Invocation;
using Planton.Cli.Runners;

namespace Planton.Cli.Completions;

/// <summary>
/// Fetches the names that fit where the cursor is, before the parser is asked for suggestions. Whatever goes wrong, there are none:
/// a shell that completes is no place for errors.
/// </summary>
internal sealed class NameFetcher(RootCommand root, VerbServices services)
{
    private const string Directive = "[suggest";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <param name="arguments">The command line of this process: <c>[suggest:N]</c> and the line that is being typed.</param>
    /// <param name="cancellationToken">Ends the fetching.</param>
    public async Task PrepareAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (arguments is not [var directive, { Length: > 0 } line, ..] || !directive.StartsWith(Directive, StringComparison.Ordinal))
            return;
        var typed = CommandLineParser.SplitCommandLine(line[..Cursor(directive, line)]).Skip(1).ToArray();
        var parsed = root.Parse(typed);
        if (Wanted(parsed, typed, endsInSpace: char.IsWhiteSpace(line[Cursor(directive, line) - 1])) is not { } wanted)
            return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            var names = await FetchAsync(wanted.Kind, new CommandContext(parsed, services.Environment, services.Global), limit.Token).ConfigureAwait(false);
            wanted.Names = [.. names.Where(IsSafe)];
        }
        catch (Exception failure) when (failure is ApiException or HttpRequestException or OperationCanceledException
            or InvalidOperationException or JsonException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
        }
    }

    // Bash expands what it is offered: a name with $(…) in it, of whatever server this is, would be run.
    private static bool IsSafe(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '@');

    private static int Cursor(string directive, string line)
    {
        var text = directive[Directive.Length..].Trim(':', ']');
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? Math.Clamp(at, 1, line.Length) : line.Length;
    }

    /// <summary>An option's value when an option stands before the cursor, else the command's argument.</summary>
    private static NameCompletion? Wanted(ParseResult parsed, string[] typed, bool endsInSpace)
    {
        var before = typed.ElementAtOrDefault(typed.Length - (endsInSpace ? 1 : 2));
        var command = parsed.CommandResult.Command;
        var options = command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options).Where(option => option.Recursive));
        // A switch may have a value, and never does.
        if (before is not null
            && options.FirstOrDefault(option => option.Name == before || option.Aliases.Contains(before)) is { } option
            && option.ValueType != typeof(bool))
            return NameCompletion.Of(option);
        return command.Arguments.Select(NameCompletion.Of).FirstOrDefault(completion => completion is not null);
    }

    private static async Task<IReadOnlyList<string>> FetchAsync(NameKind kind, CommandContext context, CancellationToken cancellationToken)
    {
        if (kind == NameKind.Context)
            return ConfigFile.TryLoad(context.Home, out var config, out _) ? [.. config.Contexts.Select(known => known.Name)] : [];
        if (kind == NameKind.LocalRunner)
            return [.. new LocalStore(context.Home).List(context.GivenTarget.Organization, platform: false).Select(runner => runner.Name).Distinct()];
        var needsOrganization = kind is not (NameKind.Organization or NameKind.PlatformRunner or NameKind.User);
        if (!context.TryLoadSettings(out var settings, out _) || !Session.TryOpen(settings, needsOrganization, out var session, out _))
            return [];
        using (session)
        {
            return [.. await FetchAsync(kind, session.Api, needsOrganization ? session.Organization : null, cancellationToken).ConfigureAwait(false)];
        }
    }

    private static async Task<IEnumerable<string>> FetchAsync(NameKind kind, PlantonApiClient api, string? organization, CancellationToken cancellationToken) => kind switch
    {
        NameKind.Organization => (await api.ListOrganizationsAsync(cancellationToken).ConfigureAwait(false)).Items.Select(item => item.Name),
        NameKind.User => (await api.ListUsersAsync(cancellationToken).ConfigureAwait(false)).Items.Select(item => item.Name),
        NameKind.Runner or NameKind.PlatformRunner => (await api.ListRunnersAsync(organization, false, cancellationToken).ConfigureAwait(false)).Items.Select(item => item.Name),
        NameKind.Connection => (await api.ListConnectionsAsync(organization!, cancellationToken).ConfigureAwait(false)).Items.Select(item => item.Name),
        NameKind.Environment => (await api.ListEnvironmentsAsync(organization!, cancellationToken).ConfigureAwait(false)).Items.Select(item => item.Name),
        NameKind.Secret => (await api.ListSecretsAsync(organization!, null, cancellationToken).ConfigureAwait(false)).Items.Select(item => item.Name).Distinct(),
        NameKind.Variable => (await api.ListVariablesAsync(organization!, null, cancellationToken).ConfigureAwait(false)).Items.Select(item => item.Name).Distinct(),
        NameKind.ServiceAccount => (await api.ListServiceAccountsAsync(organization!, cancellationToken).ConfigureAwait(false)).Items.Select(item => item.Name),
        NameKind.Member => (await api.ListMembersAsync(organization!, cancellationToken).ConfigureAwait(false)).Items.Select(item => item.User),
        _ => [],
    };
}
