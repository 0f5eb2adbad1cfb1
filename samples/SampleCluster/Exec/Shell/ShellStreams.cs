using System.IO.Pipelines;
using System.Text;

namespace SampleCluster.Exec.Shell;

/// <summary>What a command reads and writes.</summary>
internal sealed record ShellStreams(PipeReader Input, Stream Output, Stream Error)
{
    public ValueTask WriteAsync(string text, CancellationToken cancellationToken) =>
        Output.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);

    public ValueTask WriteErrorAsync(string text, CancellationToken cancellationToken) =>
        Error.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
}
