
namespace Planton.Cli.Invocation;

/// <summary>A command that talks to the control plane.</summary>
internal abstract class ApiVerb(string name, string description, VerbServices services) : Verb(name, description, services)
{
    protected abstract Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken);

    /// <summary>Whether this run needs an organization.</summary>
    protected virtual bool NeedsOrganization(CommandContext context) => false;

    protected sealed override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (!context.TryLoadSettings(out var settings, out var error)
            || !Session.TryOpen(settings, NeedsOrganization(context), out var session, out error))
            return context.Fail(error);
        using (session)
        {
            (Services.LastServer, context.ApiKeySource) = (session.Server, settings.ApiKeySource);
            return await RunAsync(context, session, cancellationToken).ConfigureAwait(false);
        }
    }
}
