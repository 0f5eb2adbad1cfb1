using Planton.Testing;

namespace Planton.Architecture.Tests.Conventions;

/// <summary>Text files by their path from the root: those of the repository, or made-up ones that break a rule.</summary>
internal sealed class SourceTree(IReadOnlyDictionary<string, string> files)
{
    private static readonly string[] SkippedFolders = [".git", "artifacts", "bin", "obj", ".quickstart", "TestResults", "node_modules", ".vs", ".idea"];
    private static readonly string[] TextExtensions =
    [
        ".cs", ".csproj", ".props", ".targets", ".slnx", ".json", ".md", ".txt", ".sh", ".yml", ".yaml", ".config", ".razor", ".css", ".js", ".tpl", ".editorconfig", "",
    ];

    private const long MaxBytes = 1 << 20;

    public IReadOnlyDictionary<string, string> Files { get; } = files;

    public static SourceTree Repository { get; } = Read(RepositoryTree.Root);

    public IEnumerable<KeyValuePair<string, string>> Under(params string[] folders) =>
        Files.Where(f => folders.Any(folder => f.Key.StartsWith(folder + "/", StringComparison.Ordinal)));

    /// <summary>C# that people wrote, below the given folders.</summary>
    public IEnumerable<KeyValuePair<string, string>> Code(params string[] folders) =>
        Under(folders).Where(f => f.Key.EndsWith(".cs", StringComparison.Ordinal) && !f.Key.Contains("/Migrations/", StringComparison.Ordinal));

    public IEnumerable<KeyValuePair<string, string>> Projects => Files.Where(f => f.Key.EndsWith(".csproj", StringComparison.Ordinal));

    public static int Lines(string text) => text.Length == 0 ? 0 : text.TrimEnd('\n').Count(c => c == '\n') + 1;

    private static SourceTree Read(string root)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        Walk(new DirectoryInfo(root));
        return new SourceTree(files);

        void Walk(DirectoryInfo folder)
        {
            foreach (var file in folder.EnumerateFiles().Where(f => TextExtensions.Contains(f.Extension) && f.Length <= MaxBytes && f.LinkTarget is null))
                files[Path.GetRelativePath(root, file.FullName).Replace('\\', '/')] = File.ReadAllText(file.FullName);
            foreach (var child in folder.EnumerateDirectories().Where(d => !SkippedFolders.Contains(d.Name) && d.LinkTarget is null))
                Walk(child);
        }
    }
}
