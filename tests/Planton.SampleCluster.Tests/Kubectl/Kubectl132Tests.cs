namespace Planton.SampleCluster.Tests.Kubectl;

public sealed class Kubectl132Tests(RunningSample sample) : KubectlWithWebSocketTests(sample, "kubectl-1.32");
