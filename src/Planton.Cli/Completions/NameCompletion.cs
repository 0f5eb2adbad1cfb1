using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Planton.Cli.Completions;

/// <summary>
/// The names that a shell offers for an argument or option. The parser asks for them without waiting, so they are fetched before
/// (<see cref="NameFetcher"/>).
/// </summary>
internal sealed class NameCompletion(NameKind kind)
{
    private static readonly ConditionalWeakTable<Symbol, NameCompletion> All = [];

    public NameKind Kind { get; } = kind;

    public IReadOnlyList<string> Names { get; set; } = [];

    /// <summary>Null when the symbol is not a name of anything.</summary>
    public static NameCompletion? Of(Symbol symbol) => All.TryGetValue(symbol, out var completion) ? completion : null;

    public static Argument<T> Offer<T>(Argument<T> argument, NameKind kind)
    {
        argument.CompletionSources.Add(_ => Add(argument, kind).Names.Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        Add(argument, kind);
        return argument;
    }

    public static Option<T> Offer<T>(Option<T> option, NameKind kind)
    {
        option.CompletionSources.Add(_ => Add(option, kind).Names.Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        Add(option, kind);
        return option;
    }

    private static NameCompletion Add(Symbol symbol, NameKind kind) => All.GetValue(symbol, _ => new NameCompletion(kind));
}
