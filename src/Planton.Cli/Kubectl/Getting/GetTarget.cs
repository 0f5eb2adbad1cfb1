using Planton.Cli.Kubectl.Resources;

namespace Planton.Cli.Kubectl.Getting;

/// <summary>A collection to list, or an object to read.</summary>
/// <param name="Resource">Its type.</param>
/// <param name="Name">The object's name; null for the collection.</param>
/// <param name="Typed">How the user named the type.</param>
internal sealed record GetTarget(KubernetesResource Resource, string? Name, string Typed);
