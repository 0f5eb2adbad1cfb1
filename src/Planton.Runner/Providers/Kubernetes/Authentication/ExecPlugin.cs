using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Planton.Runner.Credentials;
using Planton.Runner.Logging;
using Planton.Runner.Network;
using Planton.Runner.Providers.Kubernetes.Configuration;

namespace Planton.Runner.Providers.Kubernetes.Authentication;

/// <summary>Runs a credential plugin once: bounded in time and output, without a terminal, without this runner's own secrets.</summary>
internal sealed class ExecPlugin(TargetDefinition definition, KubernetesOptions options, SecretMasker masker, TimeProvider time)
{
    private const int MaxOutputBytes = 1024 * 1024;
    private const int MaxErrorBytes = 2048;
    private static readonly TimeSpan ErrorGrace = TimeSpan.FromSeconds(1);

    private readonly ExecSpec _spec = definition.Exec!;

    public async Task<TargetAttempt<ExecCredential>> RunAsync(CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = StartInfo() };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return Fault("cannot be started (is it installed, and executable by the runner?)", _spec.InstallHint ?? "Install it on the runner's machine or in its image");
        }

        using var limit = new CancellationTokenSource(options.PluginTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var quiet = new CancellationTokenSource();
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, quiet.Token);
        process.StandardInput.Close();
        var errors = BoundedOutput.ReadTailAsync(process.StandardError.BaseStream, MaxErrorBytes, listening.Token);
        try
        {
            var output = await BoundedOutput.ReadAllAsync(process.StandardOutput.BaseStream, MaxOutputBytes, stop.Token);
            if (output is null)
                return Fault($"printed more than {MaxOutputBytes} bytes", "");
            await process.WaitForExitAsync(stop.Token);

            // A daemon that it left behind may hold its standard error open: what it said itself is there by now.
            quiet.CancelAfter(ErrorGrace);
            var tail = Readable(await errors);
            if (process.ExitCode != 0)
                return Fault($"ended with exit code {process.ExitCode}{tail}", "Run it by hand as the runner's user");
            var (credential, fault) = ExecCredentialReader.Read(output, _spec.ApiVersion);
            if (credential is null)
                return Fault(fault + tail, "");
            masker.Add(credential.Token);
            masker.Add(credential.KeyPem);
            return credential;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Kill(process);
            return Fault($"did not end within {options.PluginTimeout.TotalSeconds:0} s{Readable(await errors)}", "A plugin must not wait for a person");
        }
        finally
        {
            Kill(process);
            await errors;
        }
    }

    private ProcessStartInfo StartInfo()
    {
        var info = new ProcessStartInfo(_spec.Command, _spec.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Remove(CredentialsLocator.JsonVariable);
        foreach (var (name, value) in _spec.Environment)
            info.Environment[name] = value;
        info.Environment["KUBERNETES_EXEC_INFO"] = ExecInfo.Write(definition);
        return info;
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended by itself in between.
        }
    }

    private string Readable(byte[] errors)
    {
        var text = string.Join(" ", Encoding.UTF8.GetString(errors).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        foreach (var (_, value) in _spec.Environment)
            masker.Add(value);
        return text.Length == 0 ? "" : $"; it said: {masker.Apply(text)}";
    }

    private NetworkFault Fault(string why, string advice) =>
        new(NetworkStage.Configuration, $"the credential plugin '{Path.GetFileName(_spec.Command)}' of {definition.Name} {why}", advice);
}
