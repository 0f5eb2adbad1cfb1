namespace Planton.Cli.Completions;

/// <summary>The scripts. Each hands the line and the cursor to the <c>[suggest:N]</c> directive.</summary>
internal static class CompletionScript
{
    private const string Bash = """
        _planton() {
            local IFS=$'\n'
            COMPREPLY=($(planton "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null))
            COMPREPLY=($(compgen -W "${COMPREPLY[*]}" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _planton planton

        """;

    private const string Zsh = """
        #compdef planton
        _planton() {
            local -a suggestions
            suggestions=("${(@f)$(planton "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a suggestions
        }
        if [ "$funcstack[1]" = "_planton" ]; then _planton "$@"; else compdef _planton planton; fi

        """;

    private const string Fish = """
        function __planton_complete
            set -l line (commandline -cp)
            planton "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
        end
        complete -f -c planton -a '(__planton_complete)'

        """;

    private const string Pwsh = """
        Register-ArgumentCompleter -Native -CommandName planton -ScriptBlock {
            param($word, $command, $cursor)
            planton "[suggest:$cursor]" "$command" 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;

    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => Pwsh,
    };
}
