namespace Planton.Cli.Kubectl.Printing;

/// <summary>A column of a table that the server made.</summary>
internal sealed record TableColumn(string Name, string Type = "string", string Format = "", string Description = "", string Priority = "0")
{
    /// <summary>Shown with <c>-o wide</c> only.</summary>
    public bool WideOnly => Priority != "0";
}
