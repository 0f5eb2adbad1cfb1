using System.Globalization;
using System.IO.Pipelines;

namespace SampleCluster.Exec.Shell;

/// <summary>
/// A shell that looks enough like one to try exec with: sequences, <c>&amp;&amp;</c>, <c>||</c>, pipes, quotes, variables, and a
/// few commands over virtual files. It starts no process and opens no file.
/// </summary>
internal sealed class ToyShell(VirtualContainer container, bool tty)
{
    private const int MaxPipeline = 16;

    private int _lastCode;
    private bool _exited;

    /// <summary>Runs one command as exec was given it; returns its exit code.</summary>
    public async Task<int> RunCommandAsync(string[] command, ShellStreams streams, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(command[0]);
        if (name is not ("sh" or "bash" or "ash"))
            return await RunSimpleAsync(command, streams, cancellationToken);
        return command is [_, "-c", var script, ..]
            ? await RunScriptAsync(script, streams, cancellationToken)
            : await InteractAsync(streams, cancellationToken);
    }

    public async Task<int> RunScriptAsync(string script, ShellStreams streams, CancellationToken cancellationToken)
    {
        if (ShellWords.Split(script) is not { } tokens)
        {
            await streams.WriteErrorAsync("sh: syntax error: unterminated quoted string\n", cancellationToken);
            return _lastCode = 2;
        }

        var run = true;
        for (var at = 0; at < tokens.Count && !_exited;)
        {
            var pipeline = new List<List<string>> { new() };
            for (; at < tokens.Count && (tokens[at] == "|" || !ShellWords.IsOperator(tokens[at])); at++)
            {
                if (tokens[at] == "|")
                    pipeline.Add([]);
                else
                    pipeline[^1].Add(tokens[at]);
            }

            if (run && pipeline[0].Count > 0)
                _lastCode = await RunPipelineAsync(pipeline, streams, cancellationToken);
            var joint = at < tokens.Count ? tokens[at++] : ";";
            run = joint switch
            {
                "&&" => run && _lastCode == 0,
                "||" => !run || _lastCode != 0,
                _ => true,
            };
        }

        return _lastCode;
    }

    private async Task<int> InteractAsync(ShellStreams streams, CancellationToken cancellationToken)
    {
        var lines = new TerminalInput(streams, echo: tty);
        while (!_exited)
        {
            if (tty)
                await streams.WriteAsync("/ # ", cancellationToken);
            if (await lines.ReadLineAsync(cancellationToken) is not { } line)
                break;
            await RunScriptAsync(line, streams, cancellationToken);
        }

        return _lastCode;
    }

    private async Task<int> RunPipelineAsync(List<List<string>> pipeline, ShellStreams streams, CancellationToken cancellationToken)
    {
        if (pipeline.Count > MaxPipeline || pipeline.Exists(p => p.Count == 0))
        {
            await streams.WriteErrorAsync("sh: syntax error: unexpected \"|\"\n", cancellationToken);
            return 2;
        }

        var running = new List<Task<int>>();
        var input = streams.Input;
        foreach (var words in pipeline.SkipLast(1))
        {
            var pipe = new Pipe();
            running.Add(RunStageAsync(words, streams with { Input = input, Output = pipe.Writer.AsStream() }, pipe.Writer, cancellationToken));
            input = pipe.Reader;
        }

        running.Add(RunStageAsync(pipeline[^1], streams with { Input = input }, null, cancellationToken));
        var last = await running[^1];
        if (input != streams.Input)
            await input.CompleteAsync();
        await Task.WhenAll(running);
        return last;
    }

    private async Task<int> RunStageAsync(List<string> raw, ShellStreams streams, PipeWriter? output, CancellationToken cancellationToken)
    {
        try
        {
            var words = new List<string>();
            var target = streams;
            foreach (var word in raw)
            {
                target = word switch
                {
                    ">&2" or "1>&2" => target with { Output = streams.Error },
                    "2>&1" => target with { Error = streams.Output },
                    ">/dev/null" => target with { Output = Stream.Null },
                    "2>/dev/null" => target with { Error = Stream.Null },
                    _ => target,
                };
                if (!word.Contains('>', StringComparison.Ordinal) || word[0] is '\'' or '"')
                    words.Add(ShellWords.Expand(word, Variable));
            }

            return words.Count == 0 ? 0 : await RunSimpleAsync([.. words], target, cancellationToken);
        }
        finally
        {
            if (output is not null)
                await output.CompleteAsync();
        }
    }

    private async Task<int> RunSimpleAsync(string[] words, ShellStreams streams, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(words[0]);
        if (name == "exit")
        {
            _exited = true;
            return words.Length > 1 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code & 0xff : _lastCode;
        }

        if (name is "sh" or "bash" or "ash")
            return await new ToyShell(container, tty).RunCommandAsync(words, streams, cancellationToken);
        if (ShellCommands.Find(name) is { } command)
            return await command(new ShellCall(container, streams, words), cancellationToken);
        await streams.WriteErrorAsync($"sh: {words[0]}: not found\n", cancellationToken);
        return 127;
    }

    private string Variable(string name) => name == "?"
        ? _lastCode.ToString(CultureInfo.InvariantCulture)
        : container.Environment.GetValueOrDefault(name, "");
}
