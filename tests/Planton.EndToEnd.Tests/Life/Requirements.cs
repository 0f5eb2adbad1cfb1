namespace Planton.EndToEnd.Tests.Life;

/// <summary>What the product must do, numbered. S is walked with the programs as processes; R also holds in tests of one part.</summary>
internal static class Requirements
{
    public static readonly IReadOnlyDictionary<string, string> Built = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["S1"] = "generate-credentials registers an unknown runner and prints the document alone",
        ["S2"] = "--output-dir writes one whole file that only its owner reads",
        ["S3"] = "--output-format k8s-secret is applied by kubectl unchanged",
        ["S4"] = "the document holds everything that a runner needs",
        ["S5"] = "each generation makes a new key and certificate of one service account; earlier ones stay valid",
        ["S6"] = "private key and raw API key are returned once and stored nowhere",
        ["S7"] = "regenerate-credentials revokes every earlier one, and aborts what uses it",
        ["S8"] = "a lost file is replaced by generating again",
        ["S11"] = "runner start finds credentials by flag, file variable, document variable, local store, in this order",
        ["S12"] = "runner start takes a file, or a runner's name of the local store",
        ["S13"] = "a start that is refused at any step ends with that step and the reason",
        ["S19"] = "set-default, get-default and unset-default for the organization",
        ["S20"] = "--platform for the platform, for its operator alone",
        ["S21"] = "the connection's runner, the organization's default, the platform's default, or an error that says how to set one",
        ["S22"] = "get-default shows the effective one and its level",
        ["S23"] = "kubectl get lists what is behind the runner, or says since when it is unreachable",
        ["S24"] = "runner list shows the organization's, the platform's, or both",
        ["S25"] = "runner get",
        ["S26"] = "runner delete ends the runner, its account and keys, and says what is lost and what is left",
        ["S27"] = "a runner resolves its organization's secrets and variables with its API key, and can do nothing else",
        ["R1"] = "outbound only; reconnects with backoff; keepalives; graceful shutdown; egress proxies; no listener",
        ["R2"] = "both sides verify each other; a runner never receives another organization's requests",
        ["R3"] = "a start is two-phase: tunnel by certificate, then identity by API key",
        ["R4"] = "a runner's account resolves its organization's secrets and variables and nothing else",
        ["R5"] = "authentication modes: inline and runner-delegated",
        ["R6"] = "connections for environments, and default connections",
        ["R11"] = "auth login and who, contexts, service accounts and their keys, API keys that begin with pck_",
    };

    /// <summary>Without an implementation, so without a test. R7 has get, which S23 covers.</summary>
    public static readonly IReadOnlyDictionary<string, string> NotBuilt = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["S9"] = "the console's wizard for a runner",
        ["S10"] = "runner install",
        ["S14"] = "runner deploy",
        ["S15"] = "deploy to Kubernetes by the Helm chart",
        ["S16"] = "deploy to AWS ECS",
        ["S17"] = "deploy to GCP Cloud Run",
        ["S18"] = "deploy to Azure Container Apps",
        ["R7"] = "describe, logs, exec, edit, delete by planton kubectl",
        ["R8"] = "browsing of cloud resources",
        ["R9"] = "infrastructure jobs",
        ["R10"] = "the Helm chart's values",
    };
}
