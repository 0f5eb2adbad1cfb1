using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Planton.Runner.Credentials;
using Planton.Runner.Logging;
using Planton.Runner.Network;
using Planton.Runner.Providers.Kubernetes;
using Planton.Tunnel.Runner;

namespace Planton.Runner.Startup;

/// <summary><c>planton-runner start</c> from settings to exit code.</summary>
internal sealed class RunnerProcess(StartSettings settings, Func<string, string?> environment, TextWriter log, TimeProvider time)
{
    private readonly SecretMasker _masker = new();

    public async Task<int> RunAsync()
    {
        using var provider = new LineLoggerProvider(log, settings.LogFormat, _masker, time);
        using var loggers = LoggerFactory.Create(Logging);
        var messages = new StartMessages(loggers.CreateLogger<RunnerProcess>());
        var failure = await StartAsync(Logging, messages);
        if (failure is null)
            return ExitCode.Stopped;
        messages.Failed(failure.Step, failure.Why);
        return failure.ExitCode;

        void Logging(ILoggingBuilder logging) => RunnerLogging.Configure(logging, provider, settings.LogLevel);
    }

    private async Task<StartFailure?> StartAsync(Action<ILoggingBuilder> logging, StartMessages messages)
    {
        var egress = EgressProxy.FromEnvironment(environment, _masker);
        if ((egress.Failure ?? StateDirectory.Prepare(settings.StateDirectory)) is { } misconfigured)
            return misconfigured;
        var locator = new CredentialsLocator(environment);
        var loaded = new CredentialsLoader(locator, _masker, time).Load(settings.Credentials);
        if (settings.Verbose)
            messages.Sources(locator.Sources);
        if (loaded.Failure is { } unusable)
            return unusable;
        using var credentials = loaded.Value!;
        messages.Loaded(RunnerVersion.Current, credentials);
        await using var app = RunnerApplication.Build(settings, credentials, egress.Value!, environment, _masker, time, logging);
        return await RunAsync(app, messages);
    }

    private async Task<StartFailure?> RunAsync(WebApplication app, StartMessages messages)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.StartAsync(stopping);
            messages.Targets(app.Services.GetRequiredService<TargetResolver>().Origin);
            if (await app.Services.GetRequiredService<StartSequence>().RunAsync(stopping) is { } failure)
            {
                await app.StopAsync(CancellationToken.None);
                return failure;
            }

            return await ServeAsync(app, messages);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            return StartFailure.Configuration(StartStep.Listen, $"--health {settings.Health} is in use. Choose another port (0 takes a free one), or --health off");
        }
        catch (IOException e) when (e is not ConnectionResetException && settings.Health is not null)
        {
            return StartFailure.Configuration(StartStep.Listen, $"--health {settings.Health} cannot be listened at: {e.Message}");
        }
        catch (SocketException e) when (settings.Health is not null)
        {
            // An address of another machine, or a port that this user may not have.
            return StartFailure.Configuration(StartStep.Listen, $"--health {settings.Health} cannot be listened at: {e.SocketErrorCode}");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            messages.Stopping();
            await app.StopAsync(CancellationToken.None);
            return null;
        }
    }

    private static async Task<StartFailure?> ServeAsync(WebApplication app, StartMessages messages)
    {
        var refused = app.Services.GetRequiredService<TunnelLink>().Refused;
        var stopped = app.WaitForShutdownAsync(CancellationToken.None);
        using var announced = app.Lifetime.ApplicationStopping.Register(messages.Stopping);
        if (await Task.WhenAny(refused, stopped) == stopped)
        {
            await stopped;
            messages.Stopped();
            return null;
        }

        var refusal = await refused;
        await app.StopAsync(CancellationToken.None);
        await stopped;
        return StartSequence.Refused(refusal) with { Step = StartStep.Run };
    }
}
