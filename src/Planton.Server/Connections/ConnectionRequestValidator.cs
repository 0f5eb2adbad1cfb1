using Planton.Api;
using Planton.Api.Connections;
using Planton.Server.Connections.Inline;
using Planton.Server.Environments;
using Planton.Server.Errors;

namespace Planton.Server.Connections;

internal static class ConnectionRequestValidator
{
    /// <summary>What <see cref="IsContext"/> asks for, in words.</summary>
    public static readonly string ContextRule = $"must be 1 to {ConnectionMapping.MaxContextLength} characters, none of them a control character";

    private const string KubeconfigField = "kubernetes.kubeconfig";

    /// <summary>
    /// Every fault of the request that can be seen without the database, or null; and for an inline connection what its
    /// kubeconfig says.
    /// </summary>
    public static (Error? Invalid, InlineKubeconfig? Kubeconfig) Validate(CreateConnectionRequest request)
    {
        var faults = new FieldFaults();
        faults.NeedSlug("name", request.Name);
        if (string.IsNullOrEmpty(request.Kind))
            faults.Add("kind", $"is missing: it must be {ConnectionKind.Kubernetes}");
        else if (request.Kind != ConnectionKind.Kubernetes)
            faults.Add("kind", $"must be {ConnectionKind.Kubernetes}");
        if (request.AuthMode is not (null or ConnectionAuthMode.Runner or ConnectionAuthMode.Inline))
            faults.Add("authMode", $"must be {ConnectionAuthMode.Runner} or {ConnectionAuthMode.Inline}");
        if (request.Runner is not null)
            faults.NeedSlug("runner", request.Runner);
        if (request.Kubernetes?.Context is { } context)
            ValidateContext(faults, context);
        ValidateEnvironments(faults, request.Environments);
        var kubeconfig = ReadKubeconfig(faults, request);
        return (faults.ToError(), kubeconfig);
    }

    public static void ValidateEnvironments(FieldFaults faults, IReadOnlyList<string>? environments)
    {
        if (environments is null)
            return;
        if (environments.Count > EnvironmentService.MaxEnvironments)
            faults.Add("environments", $"must be at most {EnvironmentService.MaxEnvironments}");
        else if (!environments.All(Slug.IsValid))
            faults.Add("environments", $"must be names of environments: {Slug.Rule}");
    }

    // It travels to the runner in a header.
    public static bool IsContext(string? context) =>
        context is { Length: > 0 and <= ConnectionMapping.MaxContextLength } && !context.Any(char.IsControl);

    private static void ValidateContext(FieldFaults faults, string context)
    {
        if (!IsContext(context))
            faults.Add("kubernetes.context", ContextRule);
    }

    private static InlineKubeconfig? ReadKubeconfig(FieldFaults faults, CreateConnectionRequest request)
    {
        var text = request.Kubernetes?.Kubeconfig;
        if (request.AuthMode != ConnectionAuthMode.Inline)
        {
            if (text is not null)
                faults.Add(KubeconfigField, $"is for authMode {ConnectionAuthMode.Inline} only");
            return null;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            faults.Add(KubeconfigField, $"is missing: authMode {ConnectionAuthMode.Inline} stores its credentials here");
            return null;
        }

        var wrong = new List<string>();
        var found = InlineKubeconfigReader.Read(text, request.Kubernetes!.Context, wrong);
        foreach (var fault in wrong)
            faults.Add(KubeconfigField, fault);
        return found;
    }
}
